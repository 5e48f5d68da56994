"""Reads the page of a holiday flat into a record for our search index."""
from itemloaders import ItemLoader
from itemloaders.processors import Compose, MapCompose, TakeFirst
from parsel import Selector


def euros(text):
    return int(text.replace("€", "").replace(".", "").strip())


class FlatLoader(ItemLoader):
    default_item_class = dict
    default_input_processor = MapCompose(str.strip)
    default_output_processor = TakeFirst()

    price_in = MapCompose(euros)
    features_out = Compose(sorted)


def parse(page):
    loader = FlatLoader(selector=Selector(text=page))
    loader.add_css("title", "h1::text")
    loader.add_css("price", ".price::text")
    loader.add_css("features", "ul.features li::text")
    host = loader.nested_css("div.host")
    host.add_css("host", "span.name::text")
    host.add_xpath("phone", "a[starts-with(@href, 'tel:')]/text()")
    return loader.load_item()
