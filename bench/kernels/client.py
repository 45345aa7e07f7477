"""A Jupyter client that measures one kernel."""
import os
import queue
import time

from jupyter_client.manager import KernelManager

TIMEOUT = 30  # seconds


class Silent(Exception):
    """The kernel did not answer in TIMEOUT seconds, or died."""


class Failed(Exception):
    """The cell failed."""


class Kernel:
    def __init__(self, name, env=None):
        self.name = name
        self.manager = KernelManager(kernel_name=name)
        self.env = env
        self.start()

    def start(self):
        start = time.perf_counter()
        self.manager.start_kernel(**({"env": self.env} if self.env else {}))
        self.client = self.manager.client()
        self.client.start_channels()
        self.info = self.client.kernel_info(reply=True, timeout=30)["content"]
        self.start_ms = 1e3 * (time.perf_counter() - start)
        self.client.wait_for_ready(timeout=180)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def restart(self):
        self.close()
        self.manager = KernelManager(kernel_name=self.name)
        self.start()

    def run(self, code, act=None, timeout=TIMEOUT):
        """Runs a cell. Times are milliseconds since the request. act is called
        once, as soon as the kernel says it is busy with the cell."""
        start = time.perf_counter()
        request = self.client.execute(code)
        r = {"reply": None, "first": None, "done": None, "text": "", "error": None, "request": request}
        shown = []
        while r["reply"] is None or r["done"] is None:
            now = time.perf_counter() - start
            if now > timeout:
                raise Silent(f"no answer to {code!r} in {timeout} s")
            if not self.manager.is_alive():
                raise Silent(f"the kernel died of {code!r}")
            if r["reply"] is None and self.client.shell_channel.msg_ready():
                message = self.client.get_shell_msg(timeout=1)
                if message["parent_header"].get("msg_id") == request:
                    r["reply"] = 1e3 * (time.perf_counter() - start)
                    if message["content"]["status"] == "error":
                        r["error"] = message["content"]
                continue
            try:
                message = self.client.get_iopub_msg(timeout=0.0005 if r["reply"] is None else 0.05)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "busy" and act:
                act, now_act = None, act
                now_act()
            elif kind == "stream":
                r["first"] = r["first"] or 1e3 * (time.perf_counter() - start)
                shown.append(content["text"])
            elif kind in ("execute_result", "display_data"):
                r["first"] = r["first"] or 1e3 * (time.perf_counter() - start)
                shown.append(str(content["data"].get("text/plain", content["data"].get("text/html", ""))))
            elif kind == "error":
                r["error"] = content
            elif kind == "status" and content["execution_state"] == "idle":
                r["done"] = 1e3 * (time.perf_counter() - start)
        r["text"] = "".join(shown)
        return r

    def good(self, code):
        """Runs a cell that must not fail."""
        r = self.run(code)
        if r["error"]:
            raise Failed(f"{r['error'].get('ename')}: {r['error'].get('evalue')}")
        return r

    def ask(self, what, *args, **kwargs):
        """Milliseconds and content of a request by the client's method."""
        start = time.perf_counter()
        request = getattr(self.client, what)(*args, **kwargs)
        while time.perf_counter() - start < TIMEOUT:
            try:
                reply = self.client.get_shell_msg(timeout=1)
            except queue.Empty:
                continue
            if reply["parent_header"].get("msg_id") == request:
                return 1e3 * (time.perf_counter() - start), reply["content"]
        raise Silent(f"no answer to {what} in {TIMEOUT} s")

    def late(self, request, seconds):
        """Text that still comes for a request after its cell ended."""
        shown, end = [], time.perf_counter() + seconds
        while time.perf_counter() < end:
            try:
                message = self.client.get_iopub_msg(timeout=0.1)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") == request and message["msg_type"] == "stream":
                shown.append(message["content"]["text"])
        return "".join(shown)

    def interrupt(self):
        self.manager.interrupt_kernel()

    def memory_mb(self):
        """Proportional set size of the kernel and its children, MB."""
        total = 0
        for pid in set(children(str(self.manager.provisioner.pid))):
            try:
                with open(f"/proc/{pid}/smaps_rollup") as f:
                    total += sum(int(line.split()[1]) for line in f if line.startswith("Pss:"))
            except (FileNotFoundError, ProcessLookupError):
                pass
        return total / 1024


def children(pid):
    yield pid
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as f:
                below = f.read().split()
            for child in below:
                yield from children(child)
    except FileNotFoundError:
        pass
