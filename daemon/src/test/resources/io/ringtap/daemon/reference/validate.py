"""Says of each TOML file on standard input, a name a line, whether a JSON schema takes it: "ok", or where it does not."""
import json
import sys
import tomllib

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for name in sys.stdin.read().splitlines():
    with open(name, "rb") as file:
        error = jsonschema.exceptions.best_match(validator.iter_errors(tomllib.load(file)))
    print("ok" if error is None else ".".join(str(key) for key in error.absolute_path))
