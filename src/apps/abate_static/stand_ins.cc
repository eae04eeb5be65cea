// SPDX-License-Identifier: Apache-2.0
// What the static `abate` links in place of libgpgme, libmount and Berkeley DB, which Debian has no archives of.
//
// GMime's archive names gpgme's functions for signing and decrypting, GLib's gio names libmount's for listing mounts,
// libopendkim's its database; reading a report calls none of them (docs/decisions/0006). Should that ever change, the
// call ends the program with its name instead of doing something else: see tests/apps/static_test.py, which reads every
// kind of sample mail with this program.
#include <cstdio>
#include <cstdlib>

#define REFUSES(name)                                                                                \
  extern "C" [[noreturn]] void name() {                                                              \
    std::fputs("abate: " #name " was called, and is not in this program: a bug in Abate\n", stderr); \
    std::abort();                                                                                    \
  }
REFUSES(gpgme_data_new_from_cbs)
REFUSES(gpgme_data_release)
REFUSES(gpgme_engine_check_version)
REFUSES(gpgme_get_key)
REFUSES(gpgme_get_keylist_mode)
REFUSES(gpgme_get_protocol)
REFUSES(gpgme_key_unref)
REFUSES(gpgme_new)
REFUSES(gpgme_op_decrypt)
REFUSES(gpgme_op_decrypt_result)
REFUSES(gpgme_op_decrypt_verify)
REFUSES(gpgme_op_encrypt)
REFUSES(gpgme_op_encrypt_sign)
REFUSES(gpgme_op_export_ext)
REFUSES(gpgme_op_import)
REFUSES(gpgme_op_import_result)
REFUSES(gpgme_op_keylist_end)
REFUSES(gpgme_op_keylist_next)
REFUSES(gpgme_op_keylist_start)
REFUSES(gpgme_op_sign)
REFUSES(gpgme_op_sign_result)
REFUSES(gpgme_op_verify)
REFUSES(gpgme_op_verify_result)
REFUSES(gpgme_release)
REFUSES(gpgme_set_armor)
REFUSES(gpgme_set_ctx_flag)
REFUSES(gpgme_set_keylist_mode)
REFUSES(gpgme_set_offline)
REFUSES(gpgme_set_passphrase_cb)
REFUSES(gpgme_set_protocol)
REFUSES(gpgme_set_textmode)
REFUSES(gpgme_signers_add)
REFUSES(gpgme_signers_clear)
REFUSES(gpgme_strerror)
REFUSES(mnt_free_iter)
REFUSES(mnt_free_table)
REFUSES(mnt_fs_get_fstype)
REFUSES(mnt_fs_get_options)
REFUSES(mnt_fs_get_root)
REFUSES(mnt_fs_get_source)
REFUSES(mnt_fs_get_target)
REFUSES(mnt_fs_strdup_options)
REFUSES(mnt_get_builtin_optmap)
REFUSES(mnt_get_fstab_path)
REFUSES(mnt_has_regular_mtab)
REFUSES(mnt_new_iter)
REFUSES(mnt_new_table)
REFUSES(mnt_optstr_get_flags)
REFUSES(mnt_table_next_fs)
REFUSES(mnt_table_parse_fstab)
REFUSES(mnt_table_parse_mtab)
REFUSES(db_create)

// GMime asks at its start whether gpgme is there: it is not.
extern "C" const char* gpgme_check_version_internal(const char*, std::size_t) { return nullptr; }
