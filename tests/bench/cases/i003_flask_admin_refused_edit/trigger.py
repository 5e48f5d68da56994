"""Back office: somebody mistypes a price while editing a product."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s in %(module)s: %(message)s",
)
access = logging.getLogger("werkzeug.access")

import shop_admin


def main():
    app = shop_admin.create_app()
    with app.app_context():
        shop_admin.db.session.add(shop_admin.Product(sku="MUG-1", price=9, cost=4))
        shop_admin.db.session.commit()
    client = app.test_client()
    worst = 200
    for form in ({"sku": "MUG-1", "price": "10.50", "cost": "4.00"}, {"sku": "MUG-1", "price": "1.05", "cost": "4.00"}):
        response = client.post("/office/products/edit/?id=1", data=form)
        access.info('"POST /office/products/edit/?id=1" %d', response.status_code)
        worst = max(worst, response.status_code)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
