"""Shell of the warehouse: runs the commands of a script file, one a line."""
import io
import logging

import cmd2

log = logging.getLogger("stockshell")


class StockShell(cmd2.Cmd):
    def __init__(self, shelves, width):
        super().__init__(allow_cli_args=False, stdout=io.StringIO())
        self.shelves = shelves
        self.width = width
        self.debug = True

    def do_shelf(self, args):
        """shelf NAME: labels of what lies on a shelf"""
        labels = self.shelves[args.strip()]
        self.columnize(labels, self.width)

    def printed(self):
        text = self.stdout.getvalue()
        self.stdout.seek(0)
        self.stdout.truncate()
        return text
