// SPDX-License-Identifier: GPL-2.0-only

/// The guest's first process: a shell that reads requests from the console, one per line, and answers them.
///
/// `+N TEXT` appends TEXT, in base64, to the next command. `!N TEXT` appends it and runs the command. `?N`
/// repeats the last answer. `AnswerReader` reads the answers. A command runs in its own shell, so that a
/// kernel bug kills only that shell. The output is collected before it is printed, so that kernel messages
/// about the command come before the answer and not inside it.
enum GuestInit {
  /// The kernel parameter that carries the token. The kernel passes parameters that it does not know to the
  /// first process, as its environment (Documentation/admin-guide/kernel-parameters.rst).
  static let tokenParameter = "mhpcheck_token"

  /// The number of the answer by which the guest reports, without a request, that it is ready; it holds
  /// `uname -r`.
  static let readyNumber = 0

  /// The maximum number of base64 characters in a request: the console takes lines of 4095 bytes
  /// (`N_TTY_BUF_SIZE`).
  static let longestRequest = 3000

  /// The guest's folder of modules, `NAME.ko` each.
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

  /// Reports that the guest is ready, then serves requests, with files in the folder `run`.
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

  /// The text of `/bin/load`. It loads the named modules in order, and skips those without a file, which the
  /// kernel has built in.
  static let load = """
    #!/bin/sh
    for name; do
      if [ -e \(modulesFolder)/$name.ko ]; then
        insmod \(modulesFolder)/$name.ko || exit
      fi
    done

    """
}
