"""A receiver of webhooks in another language, on the standard library alone, written from docs/webhooks.md.

Usage: webhook_receiver.py, with the secret on standard input.
Prints its port, then one JSON object for each post: whether the signature is right, whether it is with one byte of the body changed,
and what was posted. Refuses the first post with HTTP 503.
"""

import base64
import hashlib
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer


def is_genuine(headers, body, secret):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    is_fresh = abs(time.time() - int(headers["webhook-timestamp"])) < 300
    return is_fresh and any(hmac.compare_digest(expected, each) for each in headers["webhook-signature"].split())


class Receiver(BaseHTTPRequestHandler):
    count = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        changed = body[:-1] + b" "
        Receiver.count += 1
        say(
            {
                "genuine": is_genuine(self.headers, body, SECRET),
                "genuineWhenChanged": is_genuine(self.headers, changed, SECRET),
                "id": self.headers["webhook-id"],
                "posted": json.loads(body),
            }
        )
        self.send_response(503 if Receiver.count == 1 else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


def say(fields):
    print(json.dumps(fields), flush=True)


SECRET = sys.stdin.read().strip()
server = HTTPServer(("127.0.0.1", 0), Receiver)
say({"port": server.server_port})
server.serve_forever()
