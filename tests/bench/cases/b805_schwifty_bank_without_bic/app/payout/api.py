"""Bank details of landlords: what the payout service checks before it stores an account."""
import logging

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

log = logging.getLogger("payout.api")
app = FastAPI(title="payout")


class Account(BaseModel):
    holder: str
    iban: str


@app.post("/accounts/check")
def check(account: Account):
    try:
        iban = IBAN(account.iban)
    except SchwiftyException as error:
        return JSONResponse({"valid": False, "reason": str(error)}, status_code=422)
    try:
        bic = iban.bic
    except Exception:
        log.exception("no bank found for account of %s (%s, bank code %s)", account.holder, iban.country_code, iban.bank_code)
        return JSONResponse({"valid": None, "reason": "please try again later"}, status_code=503)
    return {
        "valid": True,
        "iban": iban.formatted,
        "bank": iban.bank_name,
        "bic": str(bic) if bic else None,
        "needs_bic": bic is None,
    }
