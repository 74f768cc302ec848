//! A network of its own for a test, in which every address there is leads to the test itself.
//!
//! The test's binary runs itself again below `unshare`, with new network and mount namespaces. There the route `local
//! 0.0.0.0/0` makes each address one of this machine's, so that a request to any of them arrives, and the files that say how
//! names are resolved are replaced.

use std::{env, fs, process::Command};

const INSIDE: &str = "REUPLOAD_TEST_NAMESPACE";

const SETUP: &str = "set -e
ip link set lo up
ip route add local 0.0.0.0/0 dev lo
ip -6 route add local ::/0 dev lo
mount --bind \"$1/resolv.conf\" /etc/resolv.conf
mount --bind \"$1/nsswitch.conf\" /etc/nsswitch.conf
mount --bind \"$1/hosts\" /etc/hosts
shift
exec \"$@\"";

/// Runs the calling test, whose name is `name`, in a network of its own. Gives true there and false outside, where the test
/// has nothing more to do.
pub(super) fn inside(name: &str) -> bool {
    if env::var_os(INSIDE).is_some() {
        return true;
    }
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in [
        ("resolv.conf", "nameserver 127.0.0.1\nsearch corp.example\noptions timeout:2 attempts:1\n"),
        ("nsswitch.conf", "hosts: files dns\n"),
        ("hosts", "127.0.0.1 localhost\n::1 localhost ip6-localhost\n"),
    ] {
        fs::write(folder.path().join(file), text).unwrap();
    }
    let path = format!("{}:/usr/sbin:/sbin", env::var("PATH").unwrap_or_default());
    let unshare = |arguments: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--net", "--mount", "sh", "-c"]).args(arguments).env("PATH", &path).env(INSIDE, "1");
        // Nothing may go through it.
        command.envs(["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"].map(|name| (name, "http://10.9.9.9:80")));
        command.output()
    };
    let possible = unshare(&["ip link set lo up"]);
    assert!(
        possible.as_ref().is_ok_and(|output| output.status.success()),
        "this test needs a network of its own: run it as root (or with CAP_SYS_ADMIN), on Linux, with `unshare` (util-linux) and \
         `ip` (iproute2) installed. It got: {possible:?}"
    );
    let program = env::current_exe().unwrap();
    let output =
        unshare(&[SETUP, "sh", folder.path().to_str().unwrap(), program.to_str().unwrap(), "--exact", name, "--nocapture"])
            .unwrap();
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "in its own network:\n{said}\n{complained}");
    crate::harness::note(&said);
    false
}
