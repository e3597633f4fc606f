"""Takes pictures of pages for people to look at: shots.py OUT BASE_URL /path/ … [--dark].

Not a test: it is how whoever changes a page sees it at a desk, on a phone and at a kiosk.
"""

import argparse
import re
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

SIZES = {"desk": (1440, 900), "laptop": (1024, 768), "phone": (390, 844), "kiosk": (1080, 1920)}


def main() -> None:
    """Reads the command line and takes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("base")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--sizes", default="desk,phone")
    parser.add_argument("--dark", action="store_true")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        for size in arguments.sizes.split(","):
            width, height = SIZES[size]
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark" if arguments.dark else "light",
            )
            for path in arguments.paths:
                page.goto(arguments.base + path)
                name = re.sub(r"\W+", "-", path).strip("-") or "home"
                page.screenshot(path=arguments.out / f"{name}-{size}.png", full_page=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
