#!/usr/bin/env bash
# Slurm on this machine alone, on loopback: one_node.sh up|down|status|stop-node|start-node
# Needs root and Debian's packages: apt-get install --no-install-recommends slurm-wlm munge
set -euo pipefail

# Job steps read the configuration from this place whatever SLURM_CONF says.
CONFIG=/etc/slurm/slurm.conf
STATE=${STPOSE_SLURM_STATE:-/run/stpose-slurm}
MARK="# Written by one_node.sh of stpose: may be overwritten."
SOCKET=$STATE/munge.socket

fail() {
  echo "one_node.sh: $*" >&2
  exit 1
}

write_config() {
  local cpus memory
  cpus=$(nproc --all) # without --all it counts what OMP_NUM_THREADS says
  memory=$(($(awk '/^MemTotal/ { print $2 }' /proc/meminfo) / 1024 * 9 / 10))
  mkdir -p "$(dirname "$CONFIG")"
  # Memory is watched by counting (OverMemoryKill): control groups need rights a container lacks.
  cat > "$CONFIG" << END
$MARK
ClusterName=one
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$SOCKET
CredType=cred/munge
StateSaveLocation=$STATE/controller
SlurmdSpoolDir=$STATE/node
SlurmctldPidFile=$STATE/slurmctld.pid
SlurmdPidFile=$STATE/slurmd.pid
SlurmctldLogFile=$STATE/slurmctld.log
SlurmdLogFile=$STATE/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=2
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
ReturnToService=2
SlurmdTimeout=${STPOSE_SLURMD_TIMEOUT:-30}
KillWait=5
MinJobAge=3600
NodeName=$(hostname) NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=$memory State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
}

wait_for() { # wait_for WHAT COMMAND...: until the command succeeds, for up to 30 seconds
  local what=$1
  shift
  for _ in $(seq 300); do
    "$@" > /dev/null 2>&1 && return
    sleep 0.1
  done
  fail "$what did not come up in 30 seconds; its log is in $STATE"
}

node_is_idle() { sinfo --noheader --format=%T | grep --quiet --extended-regexp '^(idle|mixed|allocated)$'; }

running() { # running NAME: is the daemon that left this process id alive?
  [ -f "$STATE/$1.pid" ] && kill -0 "$(cat "$STATE/$1.pid")" 2> /dev/null
}

start_node() {
  running slurmd || slurmd
  wait_for slurmd node_is_idle
}

stop() { # stop NAME: end a daemon by the process id it left, and wait until it is gone
  running "$1" || return 0
  local process
  process=$(cat "$STATE/$1.pid")
  kill "$process"
  for _ in $(seq 100); do
    kill -0 "$process" 2> /dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$process"
}

up() {
  [ "$(id -u)" = 0 ] || fail "Slurm's daemons need root"
  local program
  for program in munged slurmctld slurmd sbatch; do
    command -v "$program" > /dev/null ||
      fail "no $program: apt-get install --no-install-recommends slurm-wlm munge"
  done
  if [ -f "$CONFIG" ] && ! grep --quiet --fixed-strings "$MARK" "$CONFIG"; then
    fail "$CONFIG is not of this script: this machine has a Slurm of its own, which is left alone"
  fi
  mkdir -p "$STATE/controller" "$STATE/node"
  # munged trusts no folder that others may write to.
  chmod 755 "$STATE"
  [ -f "$STATE/munge.key" ] || (umask 077 && head --bytes=128 /dev/urandom > "$STATE/munge.key")
  write_config
  # --force: it warns that it runs as root.
  running munged || munged --force --key-file="$STATE/munge.key" --socket="$SOCKET" \
    --pid-file="$STATE/munged.pid" --log-file="$STATE/munged.log" --seed-file="$STATE/munge.seed"
  wait_for munged test -S "$SOCKET"
  running slurmctld || slurmctld
  wait_for slurmctld sinfo
  start_node
  sinfo
}

down() {
  if running slurmctld; then
    scancel --user="$(id -un)" --full || true
  fi
  stop slurmd
  stop slurmctld
  stop munged
  rm -rf "$STATE"
  if [ -f "$CONFIG" ] && grep --quiet --fixed-strings "$MARK" "$CONFIG"; then
    rm "$CONFIG"
  fi
}

case ${1:-} in
  up) up ;;
  down) down ;;
  status) sinfo && squeue ;;
  stop-node) stop slurmd ;;
  start-node) start_node ;;
  *) fail "expected up, down, status, stop-node or start-node" ;;
esac
