"""The documented runner in Python, of its commands what the contract says and nothing else: jobs in folders, one status.json and one
output/result.json each, an external script that solves.

    python3 python-runner.py submit --image PATH [--scale-low X] [--scale-high Y] [--downsample N] [--timeout S] [--leave-queued]
    python3 python-runner.py status --job-id ID
    python3 python-runner.py result --job-id ID
    python3 python-runner.py watch  --job-id ID      reads status.json again and again until the job has ended; prints the states it saw

JOBS_DIR and ASTRO_EXTRACT_BIN as documented. `--leave-queued` is a runner that died two minutes ago, before it
had run its job.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import uuid

JOBS_DIR = os.environ["JOBS_DIR"]


def path_of(job_id, *names):
    return os.path.join(JOBS_DIR, job_id, *names)


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write(path, document):
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        json.dump(document, file)
    os.replace(path + ".tmp", path)


def answer(document, exit_status=0):
    print(json.dumps(document))
    return exit_status


def set_state(job_id, state, message=None):
    status = read(path_of(job_id, "status.json"))
    write(path_of(job_id, "status.json"), {**status, "state": state, "message": message, "updated_at": time.time()})


def submit(args):
    if not os.path.isfile(args.image):
        return answer({"ok": False, "error": "Image not found: " + args.image}, 1)
    job_id = uuid.uuid4().hex
    unfinished = os.path.join(JOBS_DIR, "." + job_id)
    for folder in ("input", "output"):
        os.makedirs(os.path.join(unfinished, folder))
    shutil.copyfile(args.image, os.path.join(unfinished, "input", os.path.basename(args.image)))
    now = time.time() - (120 if args.leave_queued else 0)
    names = ("scale_low", "scale_high", "downsample", "timeout")
    write(
        os.path.join(unfinished, "status.json"),
        {
            "job_id": job_id,
            "state": "queued",
            "message": None,
            "params": {name: getattr(args, name) for name in names},
            "created_at": now,
            "updated_at": now,
        },
    )
    os.rename(unfinished, path_of(job_id))
    if not args.leave_queued:
        run(job_id)
    return answer({"ok": True, "job_id": job_id})


def run(job_id):
    set_state(job_id, "processing")
    params = read(path_of(job_id, "status.json"))["params"]
    (name,) = os.listdir(path_of(job_id, "input"))
    command = [os.environ["ASTRO_EXTRACT_BIN"], "--image", path_of(job_id, "input", name)]
    for param, value in params.items():
        if value is not None:
            command += ["--" + param.replace("_", "-"), str(value)]
    with open(path_of(job_id, "task.log"), "w", encoding="utf-8") as log:
        solved = subprocess.run(command, stdout=subprocess.PIPE, stderr=log, check=False, text=True)
    result = json.loads(solved.stdout)
    write(path_of(job_id, "output", "result.json"), result)
    set_state(job_id, "done" if result["ok"] else "error", result.get("error"))


def status(args):
    try:
        return answer({"ok": True, **read(path_of(args.job_id, "status.json"))})
    except FileNotFoundError:
        return answer({"ok": False, "error": "Job not found", "job_id": args.job_id}, 1)


def result(args):
    try:
        state = read(path_of(args.job_id, "status.json"))["state"]
    except FileNotFoundError:
        return answer({"ok": False, "error": "Job not found", "job_id": args.job_id}, 1)
    try:
        return answer(read(path_of(args.job_id, "output", "result.json")))
    except FileNotFoundError:
        return answer({"ok": False, "error": f"Job not ready (state={state})", "job_id": args.job_id}, 1)
    except json.JSONDecodeError as error:
        return answer({"ok": False, "error": f"Invalid result JSON: {error}", "job_id": args.job_id}, 2)


def watch(args):
    states = []
    while True:
        # What is half a document is an exception here.
        document = read(path_of(args.job_id, "status.json"))
        if document["state"] not in states:
            states.append(document["state"])
        if document["state"] in ("done", "error"):
            read(path_of(args.job_id, "output", "result.json"))
            return answer(states)


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    submitting = commands.add_parser("submit")
    submitting.add_argument("--image", required=True)
    submitting.add_argument("--scale-low", type=float)
    submitting.add_argument("--scale-high", type=float)
    submitting.add_argument("--downsample", type=int, default=2)
    submitting.add_argument("--timeout", type=int, default=600)
    submitting.add_argument("--leave-queued", action="store_true")
    for name in ("status", "result", "watch"):
        commands.add_parser(name).add_argument("--job-id", required=True)
    args = parser.parse_args()
    return {"submit": submit, "status": status, "result": result, "watch": watch}[args.command](args)


if __name__ == "__main__":
    sys.exit(main())
