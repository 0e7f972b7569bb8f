"""Which database and broker the suite runs on, decided before Django reads its settings.

`TEST_DATABASE_URL` and `TEST_REDIS_URL` name real servers; without them the embedded default.
"""

import os
import tempfile

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="portal-tests-")
os.environ["SECRET_KEY"] = "tests-only"
os.environ["DEBUG"] = "false"
os.environ["STATIC_FINGERPRINTS"] = "false"
os.environ["SITE_URL"] = "http://testserver"
os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
os.environ["REDIS_URL"] = os.environ.get("TEST_REDIS_URL", "")
for name in ("DATABASE_URL", "REDIS_URL"):
    if not os.environ[name]:
        del os.environ[name]
# Playwright keeps an event loop running beside the live server.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
