"""Export of the month's invoices: one at a time in the whole process."""
import anyio

gate = anyio.Lock()
ready = anyio.Condition(gate)


class Exporter:
    def __init__(self, folder):
        self.folder = folder
        self.written = []

    def status(self):
        """For the admin's page and the log, from synchronous code, too."""
        return {"busy": gate.locked(), "written": len(self.written)}

    async def export(self, month, invoices):
        async with ready:
            path = anyio.Path(self.folder) / f"invoices-{month}.csv"
            await path.write_text("".join(f"{number};{amount:.2f}\n" for number, amount in invoices.items()))
            self.written.append(month)
            ready.notify_all()
