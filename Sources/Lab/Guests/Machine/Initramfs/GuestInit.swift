// SPDX-License-Identifier: GPL-2.0-only

/// The guest's first process: a shell that takes requests from the console, a line each, and answers.
///
/// `+N TEXT` adds TEXT, in base64, to the command that is being told; `!N TEXT` does, and runs it; `?N` says
/// the last answer again. Answers are what `AnswerReader` reads. A command runs in a shell of its own, so that a
/// kernel that comes upon a bug kills that one, and what it prints is collected before it is said, so that
/// the kernel's messages about it come before and not within.
enum GuestInit {
  /// The kernel's parameter that carries the token: the kernel hands what it does not know itself to the
  /// first process as its environment (Documentation/admin-guide/kernel-parameters.rst).
  static let tokenParameter = "mhpcheck_token"

  /// The number of the answer that says, unasked, that the guest is ready; it holds `uname -r`.
  static let readyNumber = 0

  /// The most characters of base64 in a request: the console takes lines of 4095 bytes (`N_TTY_BUF_SIZE`).
  static let longestRequest = 3000

  /// Where the guest keeps its modules, `NAME.ko` each.
  static let modulesFolder = "/lib/modules"

  /// The text of `/init`.
  static let script = beginning + requests

  private static let beginning = """
    #!/bin/busybox sh
    /bin/busybox mkdir -p /proc /sys /dev /t /tmp /run
    /bin/busybox --install -s /bin
    export PATH=/bin
    mount -t proc none /proc
    mount -t sysfs none /sys
    mount -t devtmpfs none /dev
    mount -t tracefs none /t 2>/dev/null
    dmesg -n 2
    # No echo, and no carriage returns: answers are counted in bytes.
    stty -echo -opost
    run=/run

    """

  /// Says that the guest is ready, then does what it is asked, with files in the folder `run`.
  static let requests = """
    say() {
      printf '<<mhpcheck %s %s answer %s %s>>\\n' "$\(tokenParameter)" \
        "$1" "$(stat -c %s "$run/answer")" "$2"
      cat "$run/answer"
      printf '<<mhpcheck %s %s end>>\\n' "$\(tokenParameter)" "$1"
    }
    uname -r >"$run/answer"
    say \(readyNumber) 0
    while read -r request text; do
      number=${request#?}
      case $request in
      +*)
        printf %s "$text" >>"$run/told"
        : >"$run/answer"
        status=0
        ;;
      !*)
        printf %s "$text" >>"$run/told"
        base64 -d "$run/told" >"$run/command"
        rm -f "$run/told" "$run/status"
        {
          sh "$run/command"
          echo $? >"$run/status"
        } 2>&1 </dev/null | head -c \(AnswerReader.largestAnswer + 1) >"$run/answer"
        status=$(cat "$run/status" 2>/dev/null)
        ;;
      esac
      say "$number" "${status:-255}"
    done

    """

  /// The text of `/bin/load`, which loads the modules that it is given by name, in their order, and is content
  /// with those that the kernel has built in.
  static let load = """
    #!/bin/sh
    for name; do
      if [ -e \(modulesFolder)/$name.ko ]; then
        insmod \(modulesFolder)/$name.ko || exit
      fi
    done

    """
}
