"""Staging environment: builds the databases of a plan against a simulated AWS account."""
import datetime
import json
import os
import sys
import traceback

import boto3
from moto import mock_aws

PLAN = [
    {"kind": "cluster", "name": "orders"},
    {"kind": "instance", "name": "orders-0", "cluster": "orders"},
    {"kind": "instance", "name": "orders-1", "cluster": "orders"},
    {"kind": "instance", "name": "reports-0", "cluster": "reports"},
]


def emit(stream, level, event, **fields):
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    print(json.dumps({"ts": now, "level": level, "event": event, **fields}), file=stream, flush=True)


def build(rds, step):
    if step["kind"] == "cluster":
        rds.create_db_cluster(
            DBClusterIdentifier=step["name"],
            Engine="aurora-postgresql",
            MasterUsername="admin1",
            MasterUserPassword="change-me-now",
        )
    else:
        rds.create_db_instance(
            DBInstanceIdentifier=step["name"],
            DBClusterIdentifier=step["cluster"],
            DBInstanceClass="db.r6g.large",
            Engine="aurora-postgresql",
            Tags=[{"Key": "stage", "Value": "staging"}],
        )


def main(stream=sys.stderr):
    with mock_aws():
        rds = boto3.client("rds", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
        for step in PLAN:
            try:
                build(rds, step)
            except rds.exceptions.DBClusterNotFoundFault as error:
                emit(stream, "warning", "step skipped", step=step, reason=error.response["Error"]["Message"])
            else:
                emit(stream, "info", "step done", step=step)


if __name__ == "__main__":
    with open(os.environ.get("PROD_LOG", "prod.log"), "w", encoding="utf-8") as out:
        try:
            main(out)
        except Exception as error:
            emit(out, "error", "plan failed", error=repr(error))
            traceback.print_exc(file=out)
            sys.exit(1)
