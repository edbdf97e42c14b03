"""Machines that really boot on what an instance is told: systemd, cloud-init and the real server.

A root of Debian is made once and kept; each machine is an overlay over it in a container with a
network, a clock and a lifetime of its own.
"""
