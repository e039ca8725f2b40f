"""The cases that the other files note."""
import os

cases = []
folder = ""


def add(reader, name, content, says="", status=1, arguments=()):
    """Notes a case; `content` are a file's bytes, or None for no file."""
    if content is not None:
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
    says = [says] if isinstance(says, str) else list(says)
    cases.append({"name": name, "reader": reader, "status": status, "says": [s for s in says if s],
                  "arguments": list(arguments), "file": content is not None})
