"""Hooks of mkdocs: lists the decisions, gives headings the ids that they have on GitHub, and turns links that leave docs/ into links to
the repository.

docs/ is read on GitHub as well, where a link such as ../../template.yaml leads to the file. The site has no such file, so the link
gets the repository's URL (repo_url of mkdocs.yml). A link to a file that does not exist is a warning, which fails a strict build.
"""

import logging
import posixpath
import re
from pathlib import Path

LOG = logging.getLogger("mkdocs.hooks.site_links")
BRANCH = "main"

FENCE = re.compile(r"\s*(```+|~~~+)")
CODE = re.compile(r"(`+[^`]*`+)")
LINK = re.compile(r"(\]\(|^\[[^\]]+\]:\s+)([^)\s]+)")
ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|#|/")


def heading_id(text, separator):
    """Returns the id that GitHub gives to a heading, so that links to it work on both."""
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", separator)


def on_config(config):
    """Replaces a folder of the navigation by its pages, in the order of their names."""
    config["mdx_configs"]["toc"]["slugify"] = heading_id
    for entry in config["nav"]:
        for title, value in list(entry.items()):
            if isinstance(value, str) and value.endswith("/"):
                pages = [page.name for page in Path(config["docs_dir"], value).glob("*.md")]
                pages.sort(key=lambda name: (name != "README.md", name))
                entry[title] = [value + name for name in pages]
    return config


def on_page_markdown(markdown, page, config, files):
    """Rewrites the links of a page, except in code."""
    root = Path(config["docs_dir"]).parent
    folder = posixpath.join(Path(config["docs_dir"]).name, posixpath.dirname(page.file.src_uri))

    def rewritten(match):
        target = match.group(2)
        if ELSEWHERE.match(target):
            return match.group(0)
        path, _, anchor = target.partition("#")
        path = posixpath.normpath(posixpath.join(folder, path))
        local = root / path
        if not local.exists():
            # mkdocs itself reports links within docs/.
            if not path.startswith("docs/"):
                LOG.warning("%s has a link to %s, which does not exist", page.file.src_uri, target)
            return match.group(0)
        if path.startswith("docs/") and local.is_file():
            return match.group(0)
        if path == "docs" or path.startswith("docs/"):
            index = posixpath.join(path, "README.md")
            if (root / index).exists():
                return match.group(1) + posixpath.relpath(index, folder) + ("#" + anchor if anchor else "")
        kind = "tree" if local.is_dir() else "blob"
        url = "/".join([config["repo_url"].rstrip("/"), kind, BRANCH, path])
        return match.group(1) + url + ("#" + anchor if anchor else "")

    lines = []
    fence = None
    for line in markdown.split("\n"):
        begin = FENCE.match(line)
        if fence is None and begin:
            fence = begin.group(1)
        elif fence is not None and begin and begin.group(1).startswith(fence):
            fence = None
        elif fence is None:
            parts = CODE.split(line)
            line = "".join(part if i % 2 else LINK.sub(rewritten, part) for i, part in enumerate(parts))
        lines.append(line)
    return "\n".join(lines)
