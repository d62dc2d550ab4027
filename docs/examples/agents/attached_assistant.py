"""Answers WhatsApp messages for an agent of whatsappd. Needs python3-websockets, 10 or newer.

Usage: attached_assistant.py <url> <file with a token> <agent>
"""

import asyncio
import base64
import itertools
import json
import sys
import urllib.parse
import urllib.request

import websockets

ATTACH_AGAIN_SECONDS = 30


# A frame has at most 64 KiB: a file goes in pieces.
PIECE_LENGTH = 48_000


def read_token():
    # Read anew each time: the file may hold another token by then.
    with open(sys.argv[2], encoding="utf-8") as file:
        return file.read().strip()


def fetch(path):
    """A file of an open turn."""
    url = urllib.parse.urljoin(sys.argv[1].replace("ws", "http", 1), path)
    request = urllib.request.Request(url, headers={"Authorization": "Bearer " + read_token()})
    with urllib.request.urlopen(request) as response:
        return response.read()


async def think(turn):
    """Yours: the answer, piece by piece: words, and files."""
    yield f"Hello **{turn['sender']['name'] or 'you'}**, "
    yield "you said: " + "\n".join(message["text"] for message in turn["messages"])
    # Files that came with the question go back.
    for message in turn["messages"]:
        for file in message["attachments"]:
            if "url" in file:
                yield await asyncio.get_running_loop().run_in_executor(None, fetch, file["url"])


class Refused(Exception):
    """The daemon answered a request with an error."""


class Connection:
    def __init__(self, socket):
        self.socket = socket
        self.ids = itertools.count(1)
        self.answers = {}  # futures, by the id of the request
        self.open = {}  # tasks, by the id of the turn

    async def request(self, method, **params):
        request = {"jsonrpc": "2.0", "id": next(self.ids), "method": method, "params": params}
        answer = self.answers[request["id"]] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps(request))
        frame = await answer
        if "error" in frame:
            raise Refused(frame["error"]["message"])
        return frame["result"]

    async def send(self, turn, piece):
        if isinstance(piece, str):
            return await self.request("agent.delta", turn=turn, text=piece)
        text = base64.b64encode(piece).decode()
        for at in range(0, len(text), PIECE_LENGTH):
            part = {"type": "data", "data": text[at : at + PIECE_LENGTH]}
            await self.request("agent.part", turn=turn, part=part)
        await self.request("agent.part", turn=turn, part={"type": "media", "kind": "image", "name": "copy"})

    async def answer(self, turn):
        try:
            async for piece in think(turn):
                await self.send(turn["id"], piece)
            await self.request("agent.done", turn=turn["id"])
        except Refused as refused:
            print("not answered:", refused, flush=True)
        except Exception:
            await self.request("agent.fail", turn=turn["id"])
            raise
        finally:
            # The turn may have come again, with another task.
            if self.open.get(turn["id"]) is asyncio.current_task():
                del self.open[turn["id"]]

    async def begin(self, token, agent):
        try:
            await self.request("session.authenticate", token=token)
        except Refused as refused:
            print("not authenticated:", refused, flush=True)
            return await self.socket.close()
        await self.attach(agent)

    async def attach(self, agent, wait=0):
        while True:
            await asyncio.sleep(wait)
            try:
                accounts = (await self.request("agent.attach", agent=agent))["accounts"]
                return print("attached:", agent, *accounts, flush=True)
            except Refused as refused:
                print("not attached:", refused, flush=True)
                # The config may name the agent later.
                wait = ATTACH_AGAIN_SECONDS

    async def run(self, token, agent):
        """Until the connection ends, or another program takes the place; true for the latter."""
        attaching = asyncio.create_task(self.begin(token, agent))
        try:
            async for text in self.socket:
                frame = json.loads(text)
                method, params = frame.get("method"), frame.get("params", {})
                if frame.get("id") in self.answers:
                    answer = self.answers.pop(frame["id"])
                    # The task that asked may have been cancelled.
                    if not answer.done():
                        answer.set_result(frame)
                elif method == "agent.turn":
                    turn = params["turn"]
                    self.open[turn["id"]] = asyncio.create_task(self.answer(turn))
                elif method == "agent.cancel" and params["turn"] in self.open:
                    self.open[params["turn"]].cancel()
                elif method == "agent.detached":
                    print("detached:", params["reason"], flush=True)
                    if params["reason"] == "replaced":
                        return True
                    attaching.cancel()
                    attaching = asyncio.create_task(self.attach(agent, ATTACH_AGAIN_SECONDS))
            return False
        finally:
            # The turns come again with the next connection.
            for task in [attaching, *self.open.values()]:
                task.cancel()


async def main(url, agent):
    while True:
        try:
            async with websockets.connect(url) as socket:
                if await Connection(socket).run(read_token(), agent):
                    return print("another program took the place")
        except (OSError, websockets.exceptions.WebSocketException) as error:
            print("not connected:", error, flush=True)
        await asyncio.sleep(1)


asyncio.run(main(sys.argv[1], sys.argv[3]))
