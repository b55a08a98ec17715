namespace HybridConversations.Simulation.Catalogue;

/// <summary>Devices, models, quantisations and published figures, each with its source. Comes with the assembly.</summary>
public sealed class DeviceCatalogue
{
    private static readonly Lazy<DeviceCatalogue> Loaded = new(() => new DeviceCatalogue());

    private DeviceCatalogue()
    {
        Devices = [.. CsvTable.Load("devices").Rows.Select(DeviceSpec.Of)];
        Models = [.. CsvTable.Load("models").Rows.Select(ModelSpec.Of)];
        Quantisations = [.. CsvTable.Load("quantisations").Rows.Select(Quantisation.Of)];
        Figures = [.. CsvTable.Load("figures").Rows.Select(row => new PublishedFigure(
            SetupOf(row), row.Integer("context"), row.Integer("streams"), row.Number("tokens_per_second"), row.Text("source"), row.Text("doubt") is { Length: > 0 } doubt ? doubt : null))];
        Reading = [.. CsvTable.Load("reading").Rows.Select(row => new ReadingFigure(SetupOf(row), row.Number("tokens_per_second"), row.Text("source")))];
    }

    /// <summary>The one that comes with this release.</summary>
    public static DeviceCatalogue Default => Loaded.Value;

    /// <summary>Each power mode of each device; a device's usual mode comes first.</summary>
    public IReadOnlyList<DeviceSpec> Devices { get; }
    public IReadOnlyList<ModelSpec> Models { get; }
    public IReadOnlyList<Quantisation> Quantisations { get; }
    public IReadOnlyList<PublishedFigure> Figures { get; }
    public IReadOnlyList<ReadingFigure> Reading { get; }

    /// <summary>A device by its id, <c>orin-nx-16gb</c> (its usual mode) or <c>orin-nx-16gb@maxn-super</c>.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists what there is.</exception>
    public DeviceSpec Device(string id) =>
        Devices.FirstOrDefault(device => Same(device.FullId, id) || Same(device.Id, id))
        ?? throw new ArgumentException($"No device '{id}' is in the catalogue. There are: {string.Join(", ", Devices.Select(device => device.FullId))}.", nameof(id));

    /// <summary>A model with its quantisation, <c>llama-3.2-3b-q4_k_m</c>; without one it is <c>q4_k_m</c>.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists what there is.</exception>
    public (ModelSpec Model, Quantisation Quantisation) Model(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        foreach (var model in Models)
        {
            if (Same(model.Id, id))
            {
                return (model, Quantised("q4_k_m"));
            }

            if (id.StartsWith(model.Id + "-", StringComparison.OrdinalIgnoreCase) && Quantisations.FirstOrDefault(q => Same(q.Id, id[(model.Id.Length + 1)..])) is { } quantisation)
            {
                return (model, quantisation);
            }
        }

        throw new ArgumentException(
            $"No model '{id}' is in the catalogue. A model is named with its quantisation, e.g. llama-3.2-3b-q4_k_m. Models: {string.Join(", ", Models.Select(m => m.Id))}. " +
            $"Quantisations: {string.Join(", ", Quantisations.Select(q => q.Id))}.", nameof(id));
    }

    /// <summary>A quantisation by its id.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Quantisation Quantised(string id) =>
        Quantisations.FirstOrDefault(q => Same(q.Id, id))
        ?? throw new ArgumentException($"No quantisation '{id}' is in the catalogue. There are: {string.Join(", ", Quantisations.Select(q => q.Id))}.", nameof(id));

    private Setup SetupOf(CsvTable.Row row)
    {
        var model = Models.FirstOrDefault(model => model.Id == row.Text("model")) ?? throw new FormatException($"The figures name a model '{row.Text("model")}' that models.csv has not.");
        return new Setup(Device($"{row.Text("device")}@{row.Text("mode")}"), model, Quantised(row.Text("quantisation")), row.Text("engine"));
    }

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
