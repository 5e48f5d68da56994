"""Terminal screen of the stock room."""
from textual.app import App
from textual.widgets import DataTable, Footer


class StockView(App):
    BINDINGS = [("p", "prices", "Prices"), ("q", "quit", "Quit")]

    def __init__(self, articles):
        super().__init__()
        self.articles = articles
        self.priced = False

    def compose(self):
        yield DataTable(id="stock")
        yield Footer()

    def on_mount(self):
        table = self.query_one("#stock", DataTable)
        table.add_column("Article", key="article")
        table.add_column("Shelf", key="shelf")
        for article in self.articles:
            table.add_row(article["name"], article["shelf"], key=article["sku"])

    def action_prices(self):
        if self.priced:
            return
        self.priced = True
        table = self.query_one("#stock", DataTable)
        table.add_column("Price", key="price", width=10)
        for article in self.articles:
            if article["price"] is not None:
                table.update_cell(article["sku"], "price", f"{article['price']:.2f}")
