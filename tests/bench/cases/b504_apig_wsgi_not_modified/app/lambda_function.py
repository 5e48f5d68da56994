"""What the function's configuration names as its handler."""
from apig_wsgi import make_lambda_handler

from posters import app

lambda_handler = make_lambda_handler(app, binary_support=True)
