"""Order workflow of the warehouse; countries may plug in further stages."""
from transitions.extensions.nesting import HierarchicalMachine, NestedState


class Stage(NestedState):
    separator = "."


class OrderFlow(HierarchicalMachine):
    state_cls = Stage


class Order:
    def __init__(self, number):
        self.number = number
        self.log = []

    def remember(self):
        self.log.append(self.state)


BASE = [
    "received",
    {"name": "packing", "initial": "picked", "children": ["picked", "boxed"]},
    "shipped",
]


def returns_stage():
    """The stage that the German plug-in contributes, already put together."""
    stage = Stage("returning")
    stage.add_substates([Stage("announced"), Stage("inspected")])
    return stage


def start(order):
    flow = OrderFlow(order, states=BASE, initial="received", after_state_change="remember", auto_transitions=True)
    flow.add_transition("pack", "received", "packing")
    flow.add_transition("ship", "packing", "shipped")
    return flow
