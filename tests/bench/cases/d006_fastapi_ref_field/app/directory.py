"""User directory; groups name their members in the way of SCIM."""
from typing import List

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field


class Member(BaseModel):
    value: str
    ref: str = Field(alias="$ref")
    display: str = ""


class Group(BaseModel):
    id: str
    displayName: str
    members: List[Member] = []


GROUPS = {
    "7": Group(id="7", displayName="Sales", members=[Member(**{"value": "12", "$ref": "/Users/12", "display": "Ann"})])
}

app = FastAPI(title="directory", version="2.3")


@app.get("/Groups/{number}")
def read_group(number: str) -> Group:
    if number not in GROUPS:
        raise HTTPException(404)
    return GROUPS[number]


@app.put("/Groups/{number}")
def write_group(number: str, group: Group) -> Group:
    GROUPS[number] = group
    return group
