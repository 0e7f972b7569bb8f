"""Servers that tests start: a mail server and an HTTP gateway, on free ports."""

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Gateway:
    """An SMS gateway or robot: notes what it is handed, answers as it is told."""

    def __init__(self):
        self.bodies: list[dict] = []
        self.tokens: list[str] = []
        self.status, self.answer, self.delay = 200, {}, 0.0
        self.status_for: dict[str, int] = {}
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                gateway.bodies.append(body)
                gateway.tokens.append(self.headers.get("Authorization", ""))
                time.sleep(gateway.delay)
                content = json.dumps(gateway.answer).encode()
                status = gateway.status_for.get(body.get("to"), gateway.status)
                head = f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\n"
                head += f"Content-Length: {len(content)}\r\n\r\n"
                self.wfile.write(head.encode() + content)  # at once, or Nagle waits 40 ms

            def log_message(self, *args):
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                """A client that was killed hangs up: no noise."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/send"
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()

    @property
    def ids(self) -> list[str]:
        return [body["id"] for body in self.bodies]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Mailbox:
    """What a mail server does with what comes: keeps it, or refuses as it is told."""

    def __init__(self):
        self.envelopes = []
        self.connections = 0
        self.recipient_answers: dict[str, str] = {}
        self.answer = "250 OK"

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        said = self.recipient_answers.get(address)
        if said:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.envelopes.append(envelope)
        return self.answer


class MailServer:
    def __init__(self):
        self.box = Mailbox()
        self.port = free_port()
        self.controller = Controller(self.box, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        self.controller.stop()
