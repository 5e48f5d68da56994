"""The members, as the club's register hands them out."""
from dataclasses import dataclass


@dataclass
class Member:
    number: int
    name: str
    town: str = ""


REGISTER = {member.number: member for member in (Member(17, "A. Petersen", "Kiel"), Member(18, "R. Novak"))}


def save(member, **changes):
    for name, value in changes.items():
        setattr(member, name, value)
    return member
