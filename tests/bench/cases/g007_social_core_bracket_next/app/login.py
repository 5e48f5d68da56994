"""Login with an account elsewhere, for a site with a small framework of its own."""
from social_core.actions import do_auth
from social_core.backends.oauth import BaseOAuth2
from social_core.storage import BaseStorage
from social_core.strategy import BaseStrategy

SETTINGS = {
    "SOCIAL_AUTH_CLUB_KEY": "shop-1",
    "SOCIAL_AUTH_CLUB_SECRET": "not-so-secret",
    "SOCIAL_AUTH_LOGIN_REDIRECT_URL": "/account",
}


class ClubCard(BaseOAuth2):
    name = "club"
    AUTHORIZATION_URL = "https://club.test/oauth/authorize"
    ACCESS_TOKEN_URL = "https://club.test/oauth/token"


class SiteStrategy(BaseStrategy):
    def __init__(self, session, query):
        super().__init__(BaseStorage)
        self.session = session
        self.query = query

    def get_setting(self, name):
        return SETTINGS[name]

    def request_data(self, merge=True):
        return self.query

    def request_host(self):
        return "shop.test"

    def session_get(self, name, default=None):
        return self.session.get(name, default)

    def session_set(self, name, value):
        self.session[name] = value

    def session_pop(self, name):
        return self.session.pop(name, None)

    def build_absolute_uri(self, path=None):
        return "https://shop.test" + (path or "")

    def redirect(self, url):
        return {"status": 302, "location": url}


def login(query):
    """View of /login/club: returns the answer and what is kept in the session."""
    session = {}
    strategy = SiteStrategy(session, query)
    backend = ClubCard(strategy, redirect_uri="/complete/club")
    return do_auth(backend), session
