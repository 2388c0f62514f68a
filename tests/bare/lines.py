"""``python -m tests.bare.lines FOLDER``: write README's lines into a project there."""

import sys
from pathlib import Path

from tests.support.readme import blocks, files


def write(folder):
    """Append each line to the file that README.md says it belongs to."""
    for name, lines in files(blocks("python")[0]).items():
        with (folder / name).open("a") as file:
            file.write("\n" + lines)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
