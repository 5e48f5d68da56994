"""Lines that the weather stations of a region send: name of a reading, value, and a remark in quotes."""
import pyparsing as pp

NAME = pp.Word(pp.alphas, pp.alphanums + "_")
VALUE = pp.pyparsing_common.number
REMARK = pp.QuotedString('"').add_parse_action(lambda tokens: tokens[0].strip())
LINE = NAME("name") + pp.Suppress("=") + VALUE("value") + REMARK("remark")


def read(line):
    found = LINE.parse_string(line, parse_all=True)
    return {"name": found["name"], "value": found["value"], "remark": found["remark"]}
