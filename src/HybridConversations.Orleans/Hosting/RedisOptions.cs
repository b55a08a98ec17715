using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace HybridConversations.Orleans.Hosting;

/// <summary>Where Redis is and how to get in.</summary>
public sealed record RedisOptions
{
    /// <summary><c>host:port</c>, several separated by commas.</summary>
    public required string Endpoints { get; init; }

    /// <summary>Name of an ACL user; null for the default one.</summary>
    public string? User { get; init; }

    /// <summary>Null for none.</summary>
    public string? Password { get; init; }

    /// <summary>Encrypts the connection and checks the server's certificate.</summary>
    public bool Tls { get; init; }

    /// <summary>PEM file with the authority that signed Redis's certificate; null: those the system trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>How long an operation may take, 100 ms to 5 min. Shorter than <c>FleetOptions.ResponseTimeout</c>, so that who waits hears that it was Redis.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <exception cref="ProblemException"><c>invalid-request</c> with every error in one message.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        foreach (var endpoint in Endpoints.Split(','))
        {
            var colon = endpoint.LastIndexOf(':');
            if (colon < 1 || !int.TryParse(endpoint.AsSpan(colon + 1), out var port) || port is < 1 or > 65535)
            {
                errors.Add($"Redis's address is '{endpoint}'; it must be HOST:PORT, such as 192.168.1.10:6379.");
            }
        }

        Check(User is null || Password is not null, "A Redis user needs a password.");
        Check(CaFile is null || Tls, "An authority for Redis's certificate is given, but not TLS: turn TLS on.");
        Check(CaFile is null || File.Exists(CaFile), $"'{CaFile}', the authority for Redis's certificate, is not there.");
        Check(Timeout >= TimeSpan.FromMilliseconds(100) && Timeout <= TimeSpan.FromMinutes(5), $"Redis's time-out is {Timeout}; it must be from 100 ms to 5 minutes.");
        if (errors.Count > 0)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest("The settings of Redis are not valid. " + string.Join(' ', errors)));
        }

        void Check(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }

    internal ConfigurationOptions ToConfiguration()
    {
        var configuration = new ConfigurationOptions
        {
            User = User,
            Password = Password,
            Ssl = Tls,
            AbortOnConnectFail = false,
            ConnectTimeout = (int)Timeout.TotalMilliseconds,
            AsyncTimeout = (int)Timeout.TotalMilliseconds,
            SyncTimeout = (int)Timeout.TotalMilliseconds,
            ReconnectRetryPolicy = new LinearRetry(500),

            // What is sent while Redis restarts waits for it, within the time-out, instead of failing every turn of that second.
            BacklogPolicy = BacklogPolicy.Default,
            ClientName = "hybrid-conversations",
        };
        foreach (var endpoint in Endpoints.Split(','))
        {
            configuration.EndPoints.Add(endpoint.Trim());
        }

        if (CaFile is not null)
        {
            var authority = X509CertificateLoader.LoadCertificateFromFile(CaFile);
            configuration.TrustIssuer(authority);
        }

        return configuration;
    }
}
