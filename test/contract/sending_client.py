"""A script that sends, in another language, on the standard library alone, written from docs/sending.md.

Usage: sending_client.py <url of the daemon> <number> <number that is not allowed>, with the token on standard input.
Prints one JSON object a line: what became of each request, and at the end the state of the message.
"""

import json
import sys
import time
import urllib.error
import urllib.request

url, to, stranger = sys.argv[1:4]
token = sys.stdin.readline().strip()


def call(path, body=None, content_type="application/json"):
    request = urllib.request.Request(
        f"{url}/v1/accounts/default/{path}",
        data=body,
        headers={"Authorization": f"Bearer {token}", "Content-Type": content_type},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def send(**message):
    return call("messages", json.dumps(message).encode())


def say(**fields):
    print(json.dumps(fields), flush=True)


def main():
    order = {"to": to, "text": "Your order is ready.", "clientMessageId": "order-1843"}
    status, sent = send(**order)
    say(status=status, state=sent["state"], warned="warning" in sent)
    status, repeated = send(**order)
    say(status=status, same=repeated["messageId"] == sent["messageId"])
    for message in ({**order, "text": "Another one."}, {"to": stranger, "text": "hi"}, {"to": "12", "text": "hi"}):
        status, refused = send(**message)
        say(status=status, code=refused["error"]["code"])
    status, upload = call("media?name=bill.txt", b"one coffee", "text/plain")
    say(status=status, size=upload["size"])
    status, bill = send(to=to, media={"mediaId": upload["mediaId"], "kind": "document", "caption": "The bill"})
    say(status=status)
    state = bill["state"]
    while state in ("queued", "sent"):
        time.sleep(0.1)
        state = call(f"messages/{bill['messageId']}")[1]["state"]
    say(state=state)


main()
