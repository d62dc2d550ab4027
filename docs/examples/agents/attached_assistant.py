"""Answers WhatsApp messages for an agent of whatsappd. Needs python3-websockets, 10 or newer.

Usage: attached_assistant.py <url> <file with a token> <agent>
"""

import asyncio
import itertools
import json
import sys

import websockets

ATTACH_AGAIN_SECONDS = 30


async def think(turn):
    """Yours: the answer, piece by piece."""
    yield f"Hello **{turn['sender']['name'] or 'you'}**, "
    yield "you said: " + "\n".join(message["text"] for message in turn["messages"])


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

    async def answer(self, turn):
        try:
            async for text in think(turn):
                await self.request("agent.delta", turn=turn["id"], text=text)
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


async def main(url, token_file, agent):
    while True:
        try:
            async with websockets.connect(url) as socket:
                # Read anew for each connection: the file may hold another token by then.
                with open(token_file, encoding="utf-8") as file:
                    token = file.read().strip()
                if await Connection(socket).run(token, agent):
                    return print("another program took the place")
        except (OSError, websockets.exceptions.WebSocketException) as error:
            print("not connected:", error, flush=True)
        await asyncio.sleep(1)


asyncio.run(main(*sys.argv[1:4]))
