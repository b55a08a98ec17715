using static HybridConversations.Routing.SpokenWish;

namespace HybridConversations.Routing;

/// <summary>The wishes in Portuguese.</summary>
internal static class Portuguese
{
    private const string Secret = "privado|privada|segredo|secreto|confidencial|particular|sigilo|sigiloso|confidenciais";
    private const string Outside = "nuvem|internet|servidor*|rede|web|google|openai|chatgpt|cloud";

    public static WishLanguage Wishes { get; } = new(
        new PlainGrammar("não|nunca|sem|jamais", "eu|ele|ela|nós"),
        Cloud: [
            Request("pense bem", "pense|pensa|pensar|reflita|reflete ..2 bem|muito|fundo|calma|profundamente|cuidado"),
            Request("leve o tempo que precisar", "leve|leva|use o|seu|todo_o tempo"),
            Request("pergunte à nuvem", "pergunt*|usa|use|usar|utiliz*|consult* ..2 nuvem"),
            Request("use o modelo grande", "usa|use|usar|utilize|pergunte|consulte o|ao|seu|um modelo mais? grande|maior|melhor|potente|inteligente"),
            Request("pergunte ao ChatGPT", "pergunt*|usa|use|consult* ..1 chatgpt|gpt|openai")],
        Local: [
            Request("fique local", "fique|fica|responda|responde|trabalhe ..1 local|localmente|offline"),
            Statement("sem a nuvem", "sem ..2 nuvem|internet"),
            Statement("não use a nuvem", "não use|usa|usar|pergunte|consulte|utilize ..1 nuvem"),
            Statement("não pense muito", "não pense|pensa|pensar ..1 muito|demais|tanto"),
            Request("use o modelo pequeno", "usa|use|utilize o|seu modelo pequeno|local")],
        Privacy: [
            Statement("guarde isso para você", "guard*|fica|fique|mantenha ..3 para|só|com|consigo você|ti|contigo|si"),
            Statement("fica entre nós", "entre nós|a_gente|você_e_eu|eu_e_você"),
            Statement("mantenha em segredo", $"mantenha*|mantém|manter|guard*|trat* ..5 {Secret}"),
            Statement("isso é privado", $"isso|isto|tudo|digo|dizendo|disse|contei é|são|fica|fique|seja|deve|continua ..3 {Secret}"),
            Statement("estritamente confidencial", $"estritamente|totalmente|absolutamente {Secret}"),
            Statement("em segredo", "em segredo|sigilo|particular|off|confiança|confidência"),
            Statement("não mande para a nuvem", $"não|nada|nunca|nem ..5 a|à|na|para|pra|pro|ao|no|em|pela o|os|nenhuma|nenhum? {Outside}"),
            Statement("não conte a ninguém", "conte|conta|contar|diga|diz|dizer|fale|fala|falar|revele|mostre|comente|espalhe ..3 ninguém"),
            Statement("ninguém pode saber", "ninguém ..2 pode|deve|precisa|mais ..2 saber|ouvir|ver|descobrir"),
            Statement("ninguém pode saber", "ninguém ..1 saiba|ouça|veja|descubra"),
            Statement("não compartilhe", "não ..1 compartilh*|partilh*|divulgu*|envie_a_ninguém|espalhe|suba"),
            Statement("não pode sair daqui", "não ..2 sair|saia|sai|deixar|deixe ..3 daqui|aqui|aparelho|dispositivo|casa|quarto"),
            Statement("fica no aparelho", "fique|fica|ficar|guard*|deix*|mantenha ..3 no|neste|em|nesse ..1 aparelho|dispositivo|jetson|casa"),
            Statement("modo privado", "ativ*|entr*|inici*|lig*|coloque|mude|passe ..3 modo privado|confidencial|secreto"),
            Statement("modo privado", "modo privado|confidencial agora|ligado|por_favor|já")],
        Lift: [
            Statement("já não é privado", $"já não ..2 {Secret}"),
            Statement("isso não é mais privado", $"não ..2 mais ..2 {Secret}"),
            Statement("não precisa mais guardar", "não ..2 mais ..1 guardar|manter ..3 segredo|você|privado"),
            Release("saia do modo privado", "saia|sai|sair|desativ*|deslig*|encerr*|termin* ..2 modo privado|confidencial|secreto"),
            Release("pode usar a nuvem de novo", "usar|use|usa|voltar_a_usar|consultar ..1 nuvem de_novo|novamente|outra_vez"),
            Release("pode usar a nuvem de novo", "voltar_a usar|perguntar ..1 nuvem")]);
}
