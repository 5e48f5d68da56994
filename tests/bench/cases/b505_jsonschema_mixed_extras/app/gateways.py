"""Settings of a company's gateways, one YAML file each; checked before they are rolled out."""
import yaml
from jsonschema import Draft202012Validator

SCHEMA = {
    "type": "object",
    "required": ["name", "forward"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "pattern": "^gw-"},
        "dns": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        "forward": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"web": {"type": "integer"}, "mail": {"type": "integer"}, "default": {"type": "string"}},
        },
    },
}


def problems(text):
    """What is wrong with the settings in a file, as lines for whoever wrote it."""
    validator = Draft202012Validator(SCHEMA)
    found = sorted(validator.iter_errors(yaml.safe_load(text)), key=lambda error: list(error.path))
    return [f"{error.json_path}: {error.message}" for error in found]
