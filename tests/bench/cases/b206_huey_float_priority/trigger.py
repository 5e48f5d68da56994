"""Upload page: pictures are resized in the background, popular ones first."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("uploads")

import jobs

UPLOADS = [("cat.png", None), ("logo.png", 10), ("dog.png", 6 * 0.75)]


def enqueue(picture, priority):
    jobs.huey.enqueue(jobs.resize.s(picture, 320, priority=priority))


def main():
    for picture, priority in UPLOADS:
        enqueue(picture, priority)
        log.info("%s enqueued, %d waiting", picture, jobs.huey.pending_count())


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("upload failed")
        sys.exit(1)
    log.info("uploads accepted")
