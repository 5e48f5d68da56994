"""Support chat: says back what it got and counts who is there."""
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute

closed = []


class Chat(WebSocketEndpoint):
    encoding = "text"

    async def on_connect(self, websocket):
        await websocket.accept()

    async def on_receive(self, websocket, data):
        await websocket.send_text("you said " + data)

    async def on_disconnect(self, websocket, close_code):
        closed.append(close_code)


app = Starlette(routes=[WebSocketRoute("/chat", Chat)])
