"""The embedded broker: kombu's folder of files, written so that no half file is ever read."""

import os
import uuid
from time import monotonic

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue, payload, **kwargs):
        """Write beside the queue, then rename: stock kombu shows readers a file half written."""
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        target = os.path.join(self.data_folder_out, name)
        draft = f"{target}.part"
        with open(draft, "wb") as file:
            file.write(str_to_bytes(dumps(payload)))
        os.replace(draft, target)


class Transport(filesystem.Transport):
    Channel = Channel
