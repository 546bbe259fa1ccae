using System.Diagnostics;
using System.Runtime.Versioning;

namespace Overture.Testing;

/// <summary>The settings of the private Postfix and Dovecot, and who owns which folder.</summary>
[SupportedOSPlatform("linux")]
static class MailServerFiles
{
    public const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    static readonly string[] QueueFolders =
    [
        "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "pid",
        "private", "public", "saved", "trace",
    ];

    /// <summary>The ports in this order: SMTP, submission, SMTPS, bad certificate, IMAP, IMAPS.</summary>
    public static void Write(string folder, int[] ports, Uri? tokens)
    {
        foreach (var name in QueueFolders) Directory.CreateDirectory(Path.Combine(folder, "queue", name));
        foreach (var name in new[] { "postfix", "data", "mail", "run", "state" })
            Directory.CreateDirectory(Path.Combine(folder, name));
        File.WriteAllText(
            Path.Combine(folder, "dovecot.conf"), Dovecot(folder, ports[4], ports[5], tokens is not null));
        if (tokens is not null) File.WriteAllText(Path.Combine(folder, "oauth2.conf"), OAuth(tokens));
        File.WriteAllText(Path.Combine(folder, "postfix", "main.cf"), Postfix(folder));
        File.WriteAllText(Path.Combine(folder, "postfix", "master.cf"), PostfixPrograms(folder, ports));
        File.WriteAllText(
            Path.Combine(folder, "postfix", "domains"),
            $"""
            /^{MailServers.Domain.Replace(".", "\\.")}$/  ours
            /^client[0-9]+\.example$/  theirs

            """);
        File.WriteAllText(
            Path.Combine(folder, "postfix", "refused"),
            """
            /^nobody@/  550 5.1.1 User unknown
            /^later@/   451 4.3.0 Try again later
            /^full@/    452 4.2.2 Mailbox full

            """);
    }

    public static async Task GiveAway(string folder, CancellationToken cancel)
    {
        var queue = QueueFolders.Where(name => name != "pid")
            .Select(name => Path.Combine(folder, "queue", name));
        await Own("postfix", [Path.Combine(folder, "data"), .. queue], cancel);
        await Own("mail:mail", [Path.Combine(folder, "mail")], cancel);
    }

    static async Task Own(string owner, string[] paths, CancellationToken cancel)
    {
        using var chown = Process.Start("/usr/bin/chown", [owner, .. paths]);
        await chown.WaitForExitAsync(cancel);
        if (chown.ExitCode != 0) throw new InvalidOperationException($"chown {owner} failed");
    }

    static string Postfix(string folder) =>
        $"""
        compatibility_level = 3.6
        queue_directory = {folder}/queue
        data_directory = {folder}/data
        maillog_file = {folder}/postfix.log
        maillog_file_prefixes = {folder}
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        myhostname = mail.{MailServers.Domain}
        mydestination =
        mynetworks =
        local_header_rewrite_clients =
        alias_maps =
        alias_database =
        local_recipient_maps =
        virtual_mailbox_domains = regexp:{folder}/postfix/domains
        virtual_transport = lmtp:unix:{folder}/run/lmtp-postfix
        default_transport = error:5.7.1 nothing leaves this machine
        relay_transport = error:5.7.1 nothing leaves this machine
        local_transport = error:5.7.1 nothing is delivered locally
        smtpd_relay_restrictions = reject_unauth_destination
        smtpd_recipient_restrictions = check_recipient_access regexp:{folder}/postfix/refused, permit
        smtpd_tls_security_level = may
        smtpd_tls_chain_files = {folder}/good.pem
        smtpd_tls_auth_only = yes
        tls_ssl_options = NO_TICKET
        smtpd_sasl_type = dovecot
        smtpd_sasl_path = {folder}/run/auth-postfix
        smtpd_sasl_security_options = noanonymous
        smtpd_peername_lookup = no
        smtpd_client_connection_rate_limit = 0
        smtpd_client_connection_count_limit = 0
        smtpd_error_sleep_time = 0
        default_process_limit = 20
        message_size_limit = 30000000
        biff = no

        """;

    static string PostfixPrograms(string folder, int[] ports) =>
        $"""
        127.0.0.1:{ports[0]} inet n - n - - smtpd
        127.0.0.1:{ports[1]} inet n - n - - smtpd
          -o smtpd_sasl_auth_enable=yes -o smtpd_client_restrictions=permit_sasl_authenticated,reject
        127.0.0.1:{ports[2]} inet n - n - - smtpd
          -o smtpd_tls_wrappermode=yes
          -o smtpd_sasl_auth_enable=yes -o smtpd_client_restrictions=permit_sasl_authenticated,reject
        127.0.0.1:{ports[3]} inet n - n - - smtpd
          -o smtpd_tls_chain_files={folder}/bad.pem
          -o smtpd_sasl_auth_enable=yes -o smtpd_client_restrictions=permit_sasl_authenticated,reject
        cleanup   unix n - n - 0 cleanup
        qmgr      unix n - n 300 1 qmgr
        tlsmgr    unix - - n 1000? 1 tlsmgr
        rewrite   unix - - n - - trivial-rewrite
        bounce    unix - - n - 0 bounce
        defer     unix - - n - 0 bounce
        trace     unix - - n - 0 bounce
        verify    unix - - n - 1 verify
        flush     unix n - n 1000? 0 flush
        proxymap  unix - - n - - proxymap
        showq     unix n - n - - showq
        error     unix - - n - - error
        retry     unix - - n - - error
        discard   unix - - n - - discard
        lmtp      unix - - n - - lmtp
        anvil     unix - - n - 1 anvil
        scache    unix - - n - 1 scache
        postlog   unix-dgram n - n - 1 postlogd

        """;

    static string OAuth(Uri tokens) =>
        $"""
        introspection_url = {tokens}token?access_token=
        introspection_mode = get
        username_attribute = username
        active_attribute = active
        active_value = yes

        """;

    static string OAuthPasswords(string folder) =>
        $$"""
        passdb {
          driver = oauth2
          mechanisms = xoauth2 oauthbearer
          args = {{folder}}/oauth2.conf
        }
        """;

    static string Dovecot(string folder, int imap, int imaps, bool takesTokens) =>
        $$"""
        base_dir = {{folder}}/run
        state_dir = {{folder}}/state
        log_path = {{folder}}/dovecot.log
        protocols = imap lmtp
        listen = 127.0.0.1
        first_valid_uid = 1
        mail_location = maildir:~/Maildir
        mail_fsync = never
        auth_failure_delay = 0
        auth_mechanisms = plain login{{(takesTokens ? " xoauth2 oauthbearer" : "")}}
        auth_username_format = %Lu
        disable_plaintext_auth = no
        ssl = yes
        ssl_cert = <{{folder}}/good.pem
        ssl_key = <{{folder}}/good.pem
        passdb {
          driver = static
          {{(takesTokens ? "mechanisms = plain login" : "")}}
          args = password={{MailServers.Password}}
        }
        {{(takesTokens ? OAuthPasswords(folder) : "")}}
        userdb {
          driver = static
          args = uid=mail gid=mail home={{folder}}/mail/%u allow_all_users=yes
        }
        namespace inbox {
          inbox = yes
          separator = /
          mailbox Sent {
            auto = create
            special_use = \Sent
          }
          mailbox Drafts {
            auto = create
            special_use = \Drafts
          }
        }
        service imap-login {
          chroot =
          inet_listener imap {
            port = {{imap}}
          }
          inet_listener imaps {
            port = {{imaps}}
            ssl = yes
          }
        }
        service anvil {
          chroot =
          unix_listener anvil-auth-penalty {
            mode = 0
          }
        }
        service lmtp {
          unix_listener lmtp-postfix {
            mode = 0666
          }
        }
        service auth {
          unix_listener auth-postfix {
            mode = 0666
          }
        }

        """;
}
