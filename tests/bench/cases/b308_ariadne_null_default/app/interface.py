"""GraphQL interface of the catalogue, in two versions."""
from ariadne import QueryType, graphql_sync, make_executable_schema

ARTICLES = [{"name": "lamp", "price": 39}, {"name": "shelf", "price": 120}]

COMMON = """
    enum Order { NAME PRICE }
    type Article { name: String! price: Int! }
"""
VERSIONS = {
    "v1": """
        type Query { articles(filter: Filter, order: Order = NAME): [Article!]! }
        input Filter { name: String, below: Int = 1000 }
    """,
    "v2": """
        type Query { articles(filter: Filter = null, order: Order = NAME): [Article!]! }
        input Filter { name: String, price: Range = null }
        input Range { above: Int = 0, below: Int = 1000 }
    """,
}
query = QueryType()


@query.field("articles")
def resolve_articles(_, info, filter=None, order="NAME"):
    name = (filter or {}).get("name")
    found = [article for article in ARTICLES if name in (None, article["name"])]
    return sorted(found, key=lambda article: article[order.lower()])


def schema(version):
    return make_executable_schema([COMMON, VERSIONS[version]], query)


def ask(schema, question):
    _, answer = graphql_sync(schema, {"query": question})
    return answer
