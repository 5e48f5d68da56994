"""Background jobs; the queue is a folder, as the machine has no Redis."""
import os
import tempfile

from huey import FileHuey

huey = FileHuey("jobs", path=os.path.join(tempfile.mkdtemp(prefix="jobs_"), "queue"))


@huey.task()
def resize(picture, width):
    return f"{picture}@{width}"
