using System.Security.Cryptography;
using System.Text.Json;

namespace HybridConversations.Models;

/// <summary>A file that is being downloaded, <c>FILE.part</c>, with what it is to become in <c>FILE.part.json</c>; its hash is kept as it grows.</summary>
internal sealed class PartialFile : IDisposable
{
    private const int BufferBytes = 1 << 20;
    private readonly string _target;
    private readonly HubFile _file;
    private readonly FileStream _stream;
    private IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private PartialFile(string target, HubFile file, FileStream stream) => (_target, _file, _stream) = (target, file, stream);

    public long Bytes { get; private set; }

    /// <summary>ETag of the store that the bytes came from.</summary>
    public string? ETag { get; private set; }

    public bool Complete => Bytes == _file.Bytes;

    private string PartPath => _target + ".part";

    private string NotePath => _target + ".part.json";

    /// <summary>Opens what an earlier pull left of the same content, else an empty file.</summary>
    public static async Task<PartialFile> Open(string target, HubFile file, Action<long> hashed, CancellationToken cancellationToken)
    {
        var stream = new FileStream(target + ".part", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous);
        var part = new PartialFile(target, file, stream);
        try
        {
            await part.Continue(hashed, cancellationToken).ConfigureAwait(false);
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>Adds the next bytes. Cannot be cancelled: file and hash must not part.</summary>
    public async ValueTask Append(ReadOnlyMemory<byte> bytes)
    {
        if (Bytes + bytes.Length > _file.Bytes)
        {
            Restart();
            throw ModelProblems.Failed(
                $"{_file.Source.File} is longer than the {_file.Bytes} bytes that the hub announced. Nothing was kept; "
                    + "something between here and the hub changes files.");
        }

        await _stream.WriteAsync(bytes).ConfigureAwait(false);
        _hash.AppendData(bytes.Span);
        Bytes += bytes.Length;
    }

    /// <summary>Notes which store's content this is, before its first byte is written.</summary>
    public void From(string? etag)
    {
        ETag = etag;
        File.WriteAllBytes(NotePath, JsonSerializer.SerializeToUtf8Bytes(new Note(_file.Sha256, _file.Bytes, etag)));
    }

    /// <summary>Begins again with an empty file.</summary>
    public void Restart()
    {
        _stream.SetLength(0);
        _stream.Position = 0;
        _hash.Dispose();
        _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        (Bytes, ETag) = (0, null);
    }

    /// <summary>Checks the whole file and puts it in its place.</summary>
    /// <exception cref="ProblemException">The content is wrong; it is set aside as <c>FILE.corrupt</c>.</exception>
    public void Finish()
    {
        _stream.Flush(flushToDisk: true);
        var hash = Convert.ToHexStringLower(_hash.GetHashAndReset());
        var isRight = hash == _file.Sha256;
        File.Delete(NotePath);
        File.Move(PartPath, isRight ? _target : _target + ".corrupt", overwrite: true);
        if (!isRight)
        {
            throw ModelProblems.Failed(
                $"What came for {_file.Source.File} has the SHA-256 {hash}; the hub says {_file.Sha256}. It was set aside as {_target}.corrupt. "
                    + "Pull again; if it happens twice, something between here and the hub changes files.",
                retryable: true);
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _hash.Dispose();
        if (Bytes == 0)
        {
            File.Delete(NotePath);
            File.Delete(PartPath);
        }
    }

    private async Task Continue(Action<long> hashed, CancellationToken cancellationToken)
    {
        var note = ReadNote();
        if (note is null || note.Sha256 != _file.Sha256 || note.Bytes != _file.Bytes || _stream.Length > _file.Bytes)
        {
            Restart();
            return;
        }

        ETag = note.ETag;
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await _stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            _hash.AppendData(buffer.AsSpan(0, read));
            Bytes += read;
            hashed(Bytes);
        }
    }

    private Note? ReadNote()
    {
        try
        {
            return JsonSerializer.Deserialize<Note>(File.ReadAllBytes(NotePath));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    private sealed record Note(string Sha256, long Bytes, string? ETag);
}
