"""Solves photographs with Astro Jobs from Python, several side by side: one process, one line of JSON for each.

    python3 solve.py *.jpg

Nothing but Python's own library is needed. ASTRO_JOBS names the program where it is not on the PATH.
"""

import json
import os
import shlex
import subprocess
import sys
import threading


class Solver:
    """`astro-jobs worker --stdin`: the process stays, so that only the first photograph waits for its start."""

    def __init__(self, *options):
        command = shlex.split(os.environ.get("ASTRO_JOBS", "astro-jobs"))
        self.process = subprocess.Popen(
            [*command, "worker", "--stdin", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def solve_all(self, images, **params):
        """Yields (image, answer) as the answers come: answer has `result`, or `error` and `error_code`."""
        images = list(images)
        # A thread writes, so that no pipe is full on both sides.
        threading.Thread(target=self._send, args=(images, params), daemon=True).start()
        for line in self.process.stdout:
            answer = json.loads(line)
            yield images[answer["id"]], answer
        self.process.wait()

    def _send(self, images, params):
        with self.process.stdin as lines:
            for number, image in enumerate(images):
                request = {"id": number, "image": os.path.abspath(image), "params": params}
                lines.write(json.dumps(request) + "\n")
                lines.flush()


def main():
    failed = False
    for image, answer in Solver().solve_all(sys.argv[1:], timeout=120):
        result = answer.get("result")
        if result and result["ok"]:
            field = result["astrometry"]
            width, height = field["fov_deg"]
            print(f"{image}: {field['ra_center']:.4f} {field['dec_center']:+.4f}, {width:.2f} x {height:.2f} degrees")
        else:
            failed = True
            print(f"{image}: {(result or answer)['error']}")
    return 1 if failed or len(sys.argv) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
