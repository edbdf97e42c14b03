import os

os.environ["HF_HUB_OFFLINE"] = "1"  # read as transformers is imported: no test reaches the hub
