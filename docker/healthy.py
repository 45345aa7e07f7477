"""Exit code 0 when the Jupyter server of this container answers."""
import glob
import json
import os
import sys
import urllib.request

from jupyter_core.paths import jupyter_runtime_dir


def answers(file):
    with open(file) as f:
        server = json.load(f)
    url = f"http://127.0.0.1:{server['port']}{server['base_url']}api"
    with urllib.request.urlopen(url, timeout=5) as reply:
        return "version" in json.load(reply)


files = glob.glob(os.path.join(jupyter_runtime_dir(), "jpserver-*.json"))
if not files:
    sys.exit("no Jupyter server has been started")
if not any(map(answers, files)):
    sys.exit("no Jupyter server answers")
