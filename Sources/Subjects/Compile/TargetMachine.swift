// SPDX-License-Identifier: GPL-2.0-only

/// Options that make a host's compiler look like the kernel's riscv64 compiler: a text that tests macros of
/// the machine gets the same answer as in a kernel.
enum TargetMachine {
  /// The options of the kernel's Makefile for any machine. char is unsigned in riscv's ABI, and in the kernel
  /// on all machines since 6.2.
  static let options = kernel + ["-funsigned-char", "-fshort-wchar", "-fno-common"]

  /// Makes gcc and clang look like riscv64 compilers, on any host.
  static let asRiscv64 = hosts.map { "-U\($0)" } + riscv.map { "-D\($0)" }

  /// Makes clang compile for riscv64 (arch/riscv/Makefile).
  static let riscv64 = [
    "--target=riscv64-linux-gnu", "-march=rv64imac", "-mabi=lp64", "-mcmodel=medany",
  ]

  /// The macros that compilers define for rv64imac, lp64 and medany (riscv-c-api-doc); the kernel selects
  /// these (arch/riscv/Makefile).
  private static let riscv =
    [
      "__riscv", "__riscv_atomic", "__riscv_mul", "__riscv_div", "__riscv_muldiv",
      "__riscv_compressed", "__riscv_cmodel_medany", "__riscv_float_abi_soft",
      "__riscv_arch_test",
    ].map { "\($0)=1" }
    + [
      "__riscv_xlen=64", "__riscv_i=2001000", "__riscv_m=2000000", "__riscv_a=2001000",
      "__riscv_c=2000000",
    ]

  /// The defines of scripts/Makefile.lib and the top Makefile for arch/riscv/mm/init.o, in any version.
  private static let kernel = [
    "-D__KERNEL__", "-DKBUILD_MODFILE=\"arch/riscv/mm/init\"", "-DKBUILD_BASENAME=\"init\"",
    "-DKBUILD_MODNAME=\"init\"", "-D__KBUILD_MODNAME=kmod_init",
  ]

  /// The macros that gcc 13 and clang 21 define for x86-64 and arm64 and not for riscv64 (`-dM -E`).
  private static let hosts = [
    "__x86_64__", "__x86_64", "__amd64__", "__amd64", "__k8__", "__k8", "__tune_k8__",
    "__code_model_small__", "__MMX__", "__MMX_WITH_SSE__", "__SSE__", "__SSE2__",
    "__SSE_MATH__", "__SSE2_MATH__", "__FXSR__", "__SEG_FS", "__SEG_GS", "__seg_fs", "__seg_gs",
    "__GCC_ASM_FLAG_OUTPUTS__", "__NO_MATH_INLINES", "__ATOMIC_HLE_ACQUIRE",
    "__ATOMIC_HLE_RELEASE", "__FLOAT128__", "__SIZEOF_FLOAT128__", "__SIZEOF_FLOAT80__",
    "__CET__", "__aarch64__", "__AARCH64EL__", "__AARCH64_CMODEL_SMALL__", "__ARM_64BIT_STATE",
    "__ARM_ACLE", "__ARM_ALIGN_MAX_PWR", "__ARM_ALIGN_MAX_STACK_PWR", "__ARM_ARCH",
    "__ARM_ARCH_8A", "__ARM_ARCH_ISA_A64", "__ARM_ARCH_PROFILE", "__ARM_FEATURE_CLZ",
    "__ARM_FEATURE_FMA", "__ARM_FEATURE_IDIV", "__ARM_FEATURE_NUMERIC_MAXMIN",
    "__ARM_FEATURE_UNALIGNED", "__ARM_FP", "__ARM_NEON", "__ARM_PCS_AAPCS64",
    "__ARM_SIZEOF_MINIMAL_ENUM", "__ARM_SIZEOF_WCHAR_T",
  ]
}
