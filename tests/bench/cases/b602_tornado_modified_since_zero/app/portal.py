"""Portal of a haulier: price lists as files, one page that is made on the fly."""
import tornado.web


class StatusHandler(tornado.web.RequestHandler):
    def get(self):
        self.write({"lorries": 41, "on_tour": 33})


def make_app(price_lists):
    return tornado.web.Application(
        [
            (r"/status", StatusHandler),
            (r"/prices/(.*)", tornado.web.StaticFileHandler, {"path": price_lists}),
        ]
    )
