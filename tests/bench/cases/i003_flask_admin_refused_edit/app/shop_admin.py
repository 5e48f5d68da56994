"""Back office of the shop."""
from decimal import Decimal

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_sqlalchemy import SQLAlchemy
from wtforms.validators import ValidationError

db = SQLAlchemy()


class Product(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    sku = db.Column(db.String(20), nullable=False)
    price = db.Column(db.Numeric(10, 2), nullable=False)
    cost = db.Column(db.Numeric(10, 2), nullable=False)


class ProductView(ModelView):
    can_delete = False

    def on_model_change(self, form, model, is_created):
        if Decimal(model.price) < Decimal(model.cost):
            raise ValidationError("The price is below what we pay for it")


def create_app():
    app = Flask("shop")
    app.config.update(SECRET_KEY="x", SQLALCHEMY_DATABASE_URI="sqlite://")
    db.init_app(app)
    admin = Admin(app, name="shop", url="/office")
    admin.add_view(ProductView(Product, db, endpoint="products"))
    with app.app_context():
        db.create_all()
    return app
