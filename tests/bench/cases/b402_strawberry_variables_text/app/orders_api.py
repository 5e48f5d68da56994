"""GraphQL interface of the order desk."""
from typing import Optional

import strawberry
from fastapi import FastAPI
from strawberry.fastapi import GraphQLRouter


@strawberry.type
class Order:
    number: int
    state: str
    total: float


ORDERS = {
    2301: Order(number=2301, state="packed", total=18.5),
    2302: Order(number=2302, state="sent", total=240.0),
}


@strawberry.type
class Query:
    @strawberry.field
    def order(self, number: int) -> Optional[Order]:
        return ORDERS.get(number)

    @strawberry.field
    def orders(self, state: Optional[str] = None) -> list[Order]:
        return [order for order in ORDERS.values() if state in (None, order.state)]


schema = strawberry.Schema(Query)
app = FastAPI(title="order desk")
app.include_router(GraphQLRouter(schema), prefix="/graphql")


@app.get("/health")
def health():
    return {"orders": len(ORDERS)}
