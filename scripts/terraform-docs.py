#!/usr/bin/env python3
"""Writes what follows from the inputs and outputs of terraform/modules/portico: the root's variables, its call of the
module and its outputs, and the tables in the module's README. Needs nothing but Python.

  terraform-docs.py           names the files that it changes
  terraform-docs.py --check   changes nothing; names the files that it would change, and ends with 1 if there are any
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "terraform"
MODULE = ROOT / "modules/portico"
WRITTEN = "# Written by scripts/terraform-docs.py of what modules/portico says.\n"
START, END = "<!-- inputs and outputs: scripts/terraform-docs.py -->\n", "<!-- end of inputs and outputs -->\n"
CALL = """
module "portico" {
  source = "./modules/portico"

  providers = {
    google             = google
    google.marketplace = google.marketplace
    google-beta        = google-beta
  }

%s
}
"""


def blocks(kind):
    """The module's top-level blocks of this kind, as `terraform fmt` writes them: name and lines, by name."""
    found = {}
    for path in sorted(MODULE.glob("*.tf")):
        for name, body in re.findall(rf'^{kind} "([^"]+)" {{\n(.*?)^}}\n', path.read_text(), re.MULTILINE | re.DOTALL):
            # What is checked is checked by the module.
            body = re.sub(r"\n?^  (validation|precondition) {\n.*?^  }\n", "", body, flags=re.MULTILINE | re.DOTALL)
            found[name] = body
    return dict(sorted(found.items()))


def argument(body, name):
    """The text of an argument, which may go over several lines."""
    match = re.search(rf"^  {name} += (.*?)\n(?=  [a-z_]+ += |\n|\Z)", body, re.MULTILINE | re.DOTALL)
    return match and match[1]


def description(body):
    here_document = re.search(r"^  description = <<-TEXT\n(.*?)^  TEXT\n", body, re.MULTILINE | re.DOTALL)
    if not here_document:
        return argument(body, "description").strip('"').replace('\\"', '"')
    # Its list of attributes is read where it is declared.
    return " ".join(line.strip() for line in here_document[1].splitlines() if not line.startswith("      "))


def cell(text):
    return " ".join(text.split()).replace("|", "\\|")


def tables(inputs, outputs):
    rows = ["| input | type | default | what |", "|---|---|---|---|"]
    for name, body in inputs.items():
        default = argument(body, "default")
        shown = f"`{cell(default)}`" if default else "must be said"
        kind = re.match(r"\w+(\(\w+\))?", argument(body, "type"))[0]
        rows.append(f"| `{name}` | `{kind}` | {shown} | {cell(description(body))} |")
    rows += ["", "| output | what |", "|---|---|"]
    rows += [f"| `{name}` | {cell(description(body))} |" for name, body in outputs.items()]
    return "\n".join(rows) + "\n"


def passed_on(inputs):
    width = max(map(len, inputs))
    return CALL % "\n".join(f"  {name:{width}} = var.{name}" for name in inputs)


def output(name, body):
    return f'\noutput "{name}" {{\n  description = {argument(body, "description")}\n  value       = module.portico.{name}\n}}\n'


def files():
    inputs, outputs = blocks("variable"), blocks("output")
    readme = MODULE / "README.md"
    before, rest = readme.read_text().split(START)
    after = rest.split(END)[1]
    return {
        ROOT / "main.tf": WRITTEN + passed_on(inputs),
        ROOT / "outputs.tf": WRITTEN + "".join(output(*one) for one in outputs.items()),
        ROOT / "variables.tf": WRITTEN + "".join(f'\nvariable "{name}" {{\n{body}}}\n' for name, body in inputs.items()),
        readme: f"{before}{START}{tables(inputs, outputs)}{END}{after}",
    }


def main(arguments):
    match arguments:
        case ["-h" | "--help"]:
            print(__doc__)
            return 0
        case [] | ["--check"]:
            check = bool(arguments)
        case _:
            print(f"unknown argument: {arguments[-1]}", __doc__, sep="\n", file=sys.stderr)
            return 64
    other = {path: text for path, text in files().items() if not path.exists() or path.read_text() != text}
    for path, text in other.items():
        print(path.relative_to(ROOT.parent))
        if not check:
            path.write_text(text)
    return 1 if check and other else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
