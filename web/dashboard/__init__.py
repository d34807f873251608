"""The desk of owners and managers. Each view: permission, load, bind, one verb or query, render."""
