"""The catalogue's API."""
from ninja import NinjaAPI, Schema
from ninja.pagination import PageNumberPagination, paginate

from library.models import Book

api = NinjaAPI(title="Catalogue")


class BookOut(Schema):
    id: int
    title: str
    shelf: str


@api.get("/books/count")
async def count_books(request):
    return {"books": await Book.objects.acount()}


@api.get("/books", response=list[BookOut])
@paginate(PageNumberPagination, page_size=2)
async def list_books(request, shelf: str = ""):
    books = Book.objects.order_by("title")
    return books.filter(shelf=shelf) if shelf else books
