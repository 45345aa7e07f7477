"""Holds a kernel that is installed against its clients.

    python conformance.py [KERNEL] [TEST...]

KERNEL is the name of a kernel spec: interleave (the default) or echo, the toy
engine. The public conformance suite jupyter_kernel_test runs first; then what
clients need beyond it, each a trap that some kernel fell into. Nothing that
the kernel claims to do may be skipped.

Needs: pip install jupyter_client jupyter_kernel_test
"""

import os
import sys
import tempfile
import threading
import time
import unittest

import jupyter_kernel_test
from jupyter_client.manager import KernelManager, start_new_kernel

TIMEOUT = 60

# What to type into each kernel.
SAMPLES = {
    "interleave": dict(
        language_name="go",
        code_hello_world='fmt.Println("hello, world")',
        code_stderr='fmt.Fprintln(os.Stderr, "oh")',
        code_generate_error='panic("no")',
        code_execute_result=[
            {"code": "20+22", "result": "42"},
            {"code": "x := 6\nx*7", "result": "42"},
        ],
        code_history_pattern="20?22",
        code_display_data=[
            {"code": 'display.Show(display.HTML("<b>x</b>"))', "mime": "text/html"},
            {"code": 'display.Show(display.Markdown("*x*"))', "mime": "text/markdown"},
        ],
        code_clear_output="display.Clear(false)",
        code_inspect_sample="fmt.Println",
        completion_samples=[
            {"text": "fmt.Printl", "matches": {"Println"}},
            {"text": "strings.ToUpp", "matches": {"ToUpper", "ToUpperSpecial"}},
        ],
        complete_code_samples=[
            "x := 1",
            "func f() int { return 1 }",
            'fmt.Println("a")',
            "for i := range 3 {\n\tfmt.Println(i)\n}",
            "type t struct{ a int }",
            "",
        ],
        incomplete_code_samples=[
            "func f() {",
            "if true {",
            "fmt.Println(",
            "x := []int{1,",
            "s := `abc",
            "/* c",
        ],
        invalid_code_samples=["x := )", "}", "func 1() {}", "x := 1 2"],
    ),
    "echo": dict(
        language_name="go",
        code_hello_world="print hello, world",
        code_stderr="eprint oh",
        code_generate_error="fail no",
        code_execute_result=[{"code": "result 42", "result": "42"}, {"code": "result 43", "result": "43"}],
        code_history_pattern="*42",
        code_display_data=[{"code": "show text/html <b>x</b>", "mime": "text/html"}],
        code_clear_output="clear",
        code_inspect_sample="print",
        completion_samples=[{"text": "prin", "matches": {"print"}}, {"text": "x\nclear", "matches": {"clear", "clearwait"}}],
        complete_code_samples=["print x", ""],
        incomplete_code_samples=["print \\"],
        invalid_code_samples=["}"],
    ),
}

# Cells for the tests that the public suite does not have.
CELLS = {
    "interleave": dict(
        ask='var name string\nfmt.Print("Name? ")\nfmt.Scan(&name)\nfmt.Println("hi", name)',
        forever="for {\n}",
        result="20+22",
        quick_error="nope",
        silent='fmt.Println("x")',
        flood='for i := range 100000 {\n\tfmt.Println("line", i)\n}',
        complete="fmt.Printl",
    ),
    "echo": dict(
        ask="write Name? \nask \nhi Ada",
        forever="hold never",
        result="result 42",
        quick_error="fail at once",
        silent="print x",
        flood="flood 100000",
        complete="prin",
    ),
}

KERNEL = sys.argv.pop(1) if len(sys.argv) > 1 and sys.argv[1] in SAMPLES else "interleave"
CELL = CELLS[KERNEL]


class PublicSuite(jupyter_kernel_test.KernelTests):
    kernel_name = KERNEL
    file_extension = ".go"
    supported_history_operations = ("tail", "range", "search")


for key, value in SAMPLES[KERNEL].items():
    setattr(PublicSuite, key, value)

# A pager belongs to no message that this kernel sends: payloads are deprecated.
PublicSuite.test_pager = None


class Welcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = KERNEL
    support_iopub_welcome = True


class Beyond(unittest.TestCase):
    """What the public suite does not ask."""

    @classmethod
    def setUpClass(cls):
        cls.km, cls.kc = start_new_kernel(kernel_name=KERNEL, startup_timeout=TIMEOUT)

    @classmethod
    def tearDownClass(cls):
        cls.kc.stop_channels()
        cls.km.shutdown_kernel()

    def shell(self, msg_id):
        while True:
            m = self.kc.get_shell_msg(timeout=TIMEOUT)
            if m["parent_header"].get("msg_id") == msg_id:
                return m["content"]

    def control(self, msg_type, content=None):
        m = self.kc.session.msg(msg_type, content or {})
        self.kc.control_channel.send(m)
        while True:
            reply = self.kc.get_control_msg(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == m["header"]["msg_id"]:
                return reply["content"]

    def outputs(self, msg_id):
        """Returns what was published for a request, up to idle."""
        found = []
        while True:
            m = self.kc.get_iopub_msg(timeout=TIMEOUT)
            if m["parent_header"].get("msg_id") != msg_id:
                continue
            if m["msg_type"] == "status" and m["content"]["execution_state"] == "idle":
                return found
            if m["msg_type"] != "status":
                found.append(m)

    def run_cell(self, code, **more):
        msg_id = self.kc.execute(code, **more)
        return self.outputs(msg_id), self.shell(msg_id)

    def until(self, msg_id, msg_type):
        while True:
            m = self.kc.get_iopub_msg(timeout=TIMEOUT)
            if m["parent_header"].get("msg_id") == msg_id and m["msg_type"] == msg_type:
                return m

    def alive(self):
        outputs, reply = self.run_cell(CELL["result"])
        self.assertEqual(reply["status"], "ok", reply)
        self.assertEqual(outputs[-1]["content"]["data"]["text/plain"], "42")

    def test_kernel_info(self):
        info = self.kc.kernel_info(reply=True, timeout=TIMEOUT)["content"]
        self.assertGreaterEqual(tuple(map(int, info["protocol_version"].split("."))), (5, 3))
        self.assertEqual(info["language_info"]["pygments_lexer"], "go")
        for key in ("version", "mimetype", "codemirror_mode", "nbconvert_exporter"):
            self.assertTrue(info["language_info"][key], key)
        self.assertTrue(info["banner"])

    def test_completion_has_metadata(self):
        for text in (CELL["complete"], "thereisnosuchname"):
            reply = self.kc.complete(text, reply=True, timeout=TIMEOUT)["content"]
            self.assertEqual(reply["status"], "ok")
            self.assertIsInstance(reply["metadata"], dict)

    def test_completion_counts_code_points(self):
        text = "// 世界😀\n" + CELL["complete"]
        reply = self.kc.complete(text, reply=True, timeout=TIMEOUT)["content"]
        self.assertEqual(reply["cursor_end"], len(text))
        start = reply["cursor_start"]
        self.assertTrue(reply["matches"][0].startswith(text[start:]), reply)

    def test_error_has_all_fields_in_both_places(self):
        outputs, reply = self.run_cell(SAMPLES[KERNEL]["code_generate_error"])
        self.assertEqual([m["msg_type"] for m in outputs if m["msg_type"] != "execute_input"], ["error"])
        for content in (outputs[-1]["content"], reply):
            self.assertTrue(content["ename"])
            self.assertIsInstance(content["evalue"], str)
            self.assertIsInstance(content["traceback"], list)
            self.assertTrue(content["traceback"])
        self.alive()

    def test_stop_on_error(self):
        ids = [self.kc.execute(c) for c in (SAMPLES[KERNEL]["code_generate_error"], CELL["result"], CELL["result"])]
        self.assertEqual([self.shell(i)["status"] for i in ids], ["error", "aborted", "aborted"])
        for i in ids:
            self.outputs(i)
        ids = [self.kc.execute(c, stop_on_error=False) for c in (SAMPLES[KERNEL]["code_generate_error"], CELL["result"])]
        self.assertEqual([self.shell(i)["status"] for i in ids], ["error", "ok"])
        for i in ids:
            self.outputs(i)

    def test_stop_on_error_of_bursts(self):
        for _ in range(10):
            ids = [self.kc.execute(c) for c in (CELL["quick_error"], CELL["result"], CELL["result"])]
            self.assertEqual([self.shell(i)["status"] for i in ids], ["error", "aborted", "aborted"])
            self.outputs(ids[-1])

    def test_silent(self):
        before = self.run_cell(CELL["result"])[1]["execution_count"]
        outputs, reply = self.run_cell(CELL["silent"], silent=True)
        self.assertEqual((outputs, reply["status"]), ([], "ok"))
        self.assertEqual(self.run_cell(CELL["result"])[1]["execution_count"], before + 1)

    def test_user_expressions(self):
        bad = SAMPLES[KERNEL]["code_generate_error"]
        _, reply = self.run_cell(CELL["silent"], user_expressions={"good": CELL["result"], "bad": bad})
        values = reply["user_expressions"]
        self.assertEqual(values["good"]["status"], "ok")
        self.assertEqual(values["good"]["data"]["text/plain"], "42")
        self.assertEqual(values["bad"]["status"], "error")
        self.assertTrue(values["bad"]["traceback"])

    def test_requests_are_answered_while_a_cell_runs(self):
        msg_id = self.kc.execute(CELL["forever"])
        self.until(msg_id, "execute_input")
        try:
            self.assertEqual(self.control("kernel_info_request")["status"], "ok")
            self.assertEqual(self.kc.kernel_info(reply=True, timeout=TIMEOUT)["content"]["status"], "ok")
            self.assertTrue(self.kc.complete(CELL["complete"], reply=True, timeout=TIMEOUT)["content"]["matches"])
            self.assertGreater(self.control("usage_request")["kernel_memory"], 0)
        finally:
            self.control("interrupt_request")
            self.assertEqual(self.shell(msg_id)["status"], "error")
            self.outputs(msg_id)

    def test_interrupt(self):
        msg_id = self.kc.execute(CELL["forever"])
        self.until(msg_id, "execute_input")
        waiting = self.kc.execute(CELL["result"])
        self.assertEqual(self.control("interrupt_request")["status"], "ok")
        reply = self.shell(msg_id)
        self.assertEqual((reply["status"], reply["ename"]), ("error", "Interrupted"))
        self.assertEqual(self.shell(waiting)["status"], "aborted")
        self.outputs(waiting)
        self.alive()

    def test_interrupt_of_an_idle_kernel(self):
        self.assertEqual(self.control("interrupt_request")["status"], "ok")
        self.alive()

    def test_input(self):
        asked = []

        def answer():
            m = self.kc.get_stdin_msg(timeout=TIMEOUT)
            asked.append(m["content"])
            self.kc.input("Ada")

        person = threading.Thread(target=answer)
        person.start()
        msg_id = self.kc.execute(CELL["ask"], allow_stdin=True)
        person.join()
        reply = self.shell(msg_id)
        self.assertEqual(reply["status"], "ok", reply)
        text = "".join(m["content"].get("text", "") for m in self.outputs(msg_id))
        self.assertIn("Name? ", text)
        self.assertIn("hi Ada", text)
        self.assertEqual(asked, [{"prompt": "", "password": False}])

    def test_input_without_stdin(self):
        _, reply = self.run_cell(CELL["ask"], allow_stdin=False)
        # Scan may well return an error that the cell ignores: it must not wait.
        self.assertIn(reply["status"], ("ok", "error"))
        self.alive()

    def test_flood(self):
        outputs, reply = self.run_cell(CELL["flood"])
        self.assertEqual(reply["status"], "ok")
        text = "".join(m["content"]["text"] for m in outputs if m["msg_type"] == "stream")
        self.assertEqual(text, "".join(f"line {i}\n" for i in range(100000)))

    def test_unsigned_message_is_dropped(self):
        request = self.kc.session.msg("kernel_info_request")
        frames = self.kc.session.serialize(request)
        frames[1] = b"0" * 64
        self.kc.shell_channel.socket.send_multipart(frames)
        self.alive()

    def test_unknown_comm_is_closed(self):
        m = self.kc.session.msg("comm_open", {"comm_id": "7", "target_name": "nobody", "data": {}})
        self.kc.shell_channel.send(m)
        outputs = self.outputs(m["header"]["msg_id"])
        self.assertEqual([(o["msg_type"], o["content"]["comm_id"]) for o in outputs], [("comm_close", "7")])
        self.assertEqual(self.kc.comm_info(reply=True, timeout=TIMEOUT)["content"]["comms"], {})

    def test_heartbeat(self):
        time.sleep(1.5)  # the channel beats once a second
        self.assertTrue(self.kc.hb_channel.is_beating())


class Restart(unittest.TestCase):
    """The life of a kernel process."""

    def test_restart_and_shutdown(self):
        km, kc = start_new_kernel(kernel_name=KERNEL, startup_timeout=TIMEOUT)
        try:
            kc.execute(CELL["forever"])
            km.restart_kernel()
            kc.wait_for_ready(timeout=TIMEOUT)
            reply = kc.execute_interactive(CELL["result"], timeout=TIMEOUT, output_hook=lambda m: None)
            self.assertEqual(reply["content"]["execution_count"], 1)
        finally:
            kc.stop_channels()
            km.shutdown_kernel()
        self.assertFalse(km.is_alive())

    def test_ipc(self):
        # jupyter_client puts the sockets into the present folder.
        home = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            km = KernelManager(kernel_name=KERNEL, transport="ipc")
            kc = None
            try:
                km.start_kernel()
                kc = km.client()
                kc.start_channels()
                kc.wait_for_ready(timeout=TIMEOUT)
                reply = kc.execute_interactive(CELL["result"], timeout=TIMEOUT, output_hook=lambda m: None)
                self.assertEqual(reply["content"]["status"], "ok")
            finally:
                if kc:
                    kc.stop_channels()
                km.shutdown_kernel()
                os.chdir(home)


def main():
    program = unittest.main(verbosity=2, exit=False)
    for test, reason in program.result.skipped:
        print(f"SKIPPED {test}: {reason}", file=sys.stderr)
    sys.exit(0 if program.result.wasSuccessful() and not program.result.skipped else 1)


if __name__ == "__main__":
    main()
